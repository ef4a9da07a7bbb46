"""Variables as promises: which of them are constants, whether two values are of one kind, what an enumeration and a TypedDict hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from lockstep.comparison.signatures import normal
from lockstep.surface import Item, ItemKind, Trait

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


def enum_values(below: Iterable[Item]) -> dict[str, str]:
    """Give the members of an enumeration and their values, in order; `auto()` counts on from the value before it where that is a number."""
    found: dict[str, str] = {}
    last = 0
    for one in below:
        if Trait.MEMBER not in one.traits:
            continue
        value = one.value or ""
        if value.rpartition(".")[2] == "auto()":
            last += 1
            value = str(last)
        elif (written := normal(value)).startswith("int "):
            last = int(written.removeprefix("int "))
        found[one.name] = value
    return found


def keys(below: Iterable[Item]) -> dict[str, bool]:
    """Give the keys of a TypedDict, and whether each is required."""
    return {one.name: Trait.REQUIRED in one.traits for one in below if one.traits & {Trait.REQUIRED, Trait.NOT_REQUIRED}}
