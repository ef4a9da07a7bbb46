"""Variables as promises: which of them are constants, whether two values are of one kind, what an enumeration and a TypedDict hold."""

from __future__ import annotations

import ast

from lockstep.calling import normal
from lockstep.surface import Item, ItemKind, Surface, Trait

_NUMBERS = {"int", "float", "complex", "bool"}
_NOT_CONSTANT = {Trait.FIELD, Trait.MEMBER, Trait.INSTANCE, Trait.REQUIRED, Trait.NOT_REQUIRED, Trait.EXTERNAL, Trait.UNRESOLVED}

_DISPLAYS: dict[type[ast.expr], str] = {
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
}


def is_constant(item: Item) -> bool:
    """Say whether an item is a variable whose value is a promise of its own."""
    return item.kind is ItemKind.ATTRIBUTE and not item.traits & _NOT_CONSTANT and not item.name.startswith("__")


def kind_of(text: str) -> str | None:
    """Give the type of a value that is written out, None for what is computed."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match node:
        case ast.Constant(value=value) | ast.UnaryOp(operand=ast.Constant(value=int() | float() | complex() as value)):
            return type(value).__name__
        case ast.Call(func=ast.Name(id="frozenset" | "list" | "dict" | "set" | "tuple" as name)):
            return name
    return _DISPLAYS.get(type(node))


def is_literal(text: str) -> bool:
    """Say whether a value is written out."""
    return kind_of(text) is not None


def other_kind(was: str, now: str) -> bool:
    """Say whether two values that are written out are of kinds that cannot be used alike; None says that there was no value yet."""
    before, after = kind_of(was), kind_of(now)
    if before is None or after is None or before == after or before in {"NoneType", "ellipsis"}:
        return False
    return not {before, after} <= _NUMBERS


def is_compared(item: Item, was: str, now: str) -> bool:
    """Say whether another value is worth a look: that of a constant, or one that was written out."""
    if other_kind(was, now):
        return False
    return kind_of(was) is not None or (item.name.isupper() and not was.endswith("..."))


def members(cls: Item, surface: Surface) -> list[str]:
    """Give the names of an enumeration's members in their order."""
    prefix = f"{cls.path}."
    found = (one for path, one in surface.items.items() if path.startswith(prefix) and Trait.MEMBER in one.traits)
    return [one.name for one in found if one.path == f"{prefix}{one.name}"]


def enum_value(item: Item, surface: Surface) -> str:
    """Give the value of a member; `auto()` gives the place among the members, with the value before it where that is written."""
    value = item.value or ""
    if value.rpartition(".")[2] != "auto()":
        return value
    owner = item.path.rpartition(".")[0]
    names = members(surface.items[owner], surface) if owner in surface.items else []
    last = 0
    for name in names:
        given = surface.items[f"{owner}.{name}"].value or ""
        written = normal(given)
        if given.rpartition(".")[2] == "auto()":
            last += 1
        elif written.startswith("int "):
            last = int(written.removeprefix("int "))
        if name == item.name:
            break
    return str(last)


def keys(cls: Item, surface: Surface) -> dict[str, bool]:
    """Give the keys of a TypedDict, and whether each is required."""
    prefix = f"{cls.path}."
    found = (one for path, one in surface.items.items() if path.startswith(prefix))
    return {one.name: Trait.REQUIRED in one.traits for one in found if one.traits & {Trait.REQUIRED, Trait.NOT_REQUIRED}}
