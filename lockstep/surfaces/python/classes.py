"""What kind of class it is, what it descends from, and what follows for its objects: can they be compared, hashed, given new attributes?

Source: https://docs.python.org/3/reference/datamodel.html; https://docs.python.org/3/library/dataclasses.html; https://www.attrs.org/en/stable/api.html
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias, cast

from lockstep.surface import Blind, Trait
from lockstep.surfaces.python.annotations import Types
from lockstep.surfaces.python.names import dotted
from lockstep.surfaces.python.symbol_table import SymbolTable

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.symbol_table import Thing

Options: TypeAlias = dict[str, ast.expr]

_DATACLASS = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
_ATTRS = {
    *(f"attr.{name}" for name in ("s", "attrs", "attributes", "dataclass", "define", "frozen", "mutable")),
    *(f"attrs.{name}" for name in ("define", "frozen", "mutable")),
}
_NEW_ATTRS = {f"{package}.{name}" for package in ("attr", "attrs") for name in ("define", "frozen", "mutable")}
"""Those that make slots unless they are told not to."""
_MODELS = {"pydantic.BaseModel", "pydantic.main.BaseModel", "msgspec.Struct", "sqlmodel.SQLModel"}
_ENUMS = {f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")}
_SLOTTED = {
    "builtins.object",
    "typing.Generic",
    "typing.Protocol",
    "abc.ABC",
    "builtins.tuple",
    "builtins.int",
    "builtins.str",
    "builtins.float",
    "builtins.bytes",
}
"""Bases whose objects have no `__dict__` of their own."""
_ORDERED = {f"builtins.{name}" for name in ("int", "str", "float", "bytes", "tuple", "list", "bytearray", "set", "frozenset")} | {
    "enum.IntEnum",
    "enum.StrEnum",
}
_UNHASHABLE = {f"builtins.{name}" for name in ("list", "dict", "set", "bytearray")}


LONGEST_LINE = 100
"""Classes that one may descend from; of a longer line the nearest are read, and it is told."""


class Classes:
    """Answers for the classes of a symbol table."""

    def __init__(self, symbols: SymbolTable, types: Types) -> None:
        self._symbols = symbols
        self._types = types
        self._kinds: dict[int, frozenset[str]] = {}
        self._lines: dict[int, list[griffe.Class | str]] = {}
        self._depth = 0

    # ---- bases

    def bases(self, cls: griffe.Class) -> list[str]:
        """Give the full names of the direct bases, with what stands in their brackets left out."""
        return [self._spelled(base) for base in self._symbols.bases(cls)]

    def _spelled(self, base: griffe.Class | str) -> str:
        return self._types.spelled(base if isinstance(base, str) else base.path)

    def line(self, cls: griffe.Class) -> list[griffe.Class | str]:
        """Give a class and all that it descends from, in the order in which Python asks them; what is not ours by its full name."""
        if id(cls) not in self._lines:
            self._lines[id(cls)] = [cls]  # a class that descends from itself ends here
            bases = self._symbols.bases(cls) if self._depth < LONGEST_LINE else []
            self._depth += 1
            line = [cls, *_merge([*(self._below(base) for base in bases), [self._key(base) for base in bases]])]
            self._depth -= 1
            if len(line) > LONGEST_LINE or self._depth == LONGEST_LINE:
                why = f"it descends from more than {LONGEST_LINE} classes"
                self._symbols.blind.append(Blind(symbol=cls.path, place=self._symbols.place(cast("Thing", cls)), why=why, cut=True))
            self._lines[id(cls)] = line[:LONGEST_LINE]
        return self._lines[id(cls)]

    def _key(self, base: griffe.Class | str) -> griffe.Class | str:
        return self._types.spelled(base) if isinstance(base, str) else base

    def _below(self, base: griffe.Class | str) -> list[griffe.Class | str]:
        if not isinstance(base, str):
            return self.line(base)
        name = self._types.spelled(base)
        known = getattr(builtins, name.removeprefix("builtins."), None) if name.startswith("builtins.") else None
        if not isinstance(known, type):
            return [name]
        return [f"builtins.{one.__name__}" for one in known.__mro__]

    def ancestors(self, cls: griffe.Class) -> tuple[str, ...]:
        """Give the full names of all that a class descends from, `object` left out."""
        return tuple(name for one in self.line(cls)[1:] if (name := self._spelled(one)) != "builtins.object")

    def own_line(self, cls: griffe.Class) -> list[griffe.Class]:
        """Give a class and those of ours that it descends from, in the order in which Python asks them."""
        return [one for one in self.line(cls) if not isinstance(one, str)]

    def metaclass(self, cls: griffe.Class) -> str | None:
        """Give the full name of the metaclass, None for `type`."""
        for one in self.own_line(cls):
            node = self._symbols.fact(one).node
            for keyword in node.keywords if isinstance(node, ast.ClassDef) else ():
                if keyword.arg == "metaclass" and (path := dotted(keyword.value)):
                    return self._types.name(path, one.parent)
        return "abc.ABCMeta" if self._is_abc(cls) else None

    def names_metaclass(self, cls: griffe.Class) -> bool:
        """Say whether a class names its metaclass itself."""
        return any(one.arg == "metaclass" for one in getattr(self._symbols.fact(cls).node, "keywords", ()))

    def own_metaclass(self, cls: griffe.Class) -> griffe.Class | None:
        """Give the metaclass where it is ours."""
        for one in self.own_line(cls):
            node = self._symbols.fact(one).node
            for keyword in node.keywords if isinstance(node, ast.ClassDef) else ():
                path = dotted(keyword.value)
                found = self._symbols.lookup(path, one.parent) if keyword.arg == "metaclass" and path else None
                if found is not None and not isinstance(found, str) and found.is_class:
                    return cast("griffe.Class", found)
        return None

    def _is_abc(self, cls: griffe.Class) -> bool:
        names = [self._spelled(one) for one in self.line(cls)[1:]]
        return any(name in {"abc.ABC", "typing.Protocol"} or name.startswith(("collections.abc.", "contextlib.Abstract", "numbers.")) for name in names)

    # ---- kinds

    def kind(self, cls: griffe.Class) -> frozenset[str]:
        """Give what kind of class it is, by its own bases and decorators and those that it inherits."""
        if id(cls) not in self._kinds:
            self._kinds[id(cls)] = frozenset(self._kind(cls))
        return self._kinds[id(cls)]

    def _kind(self, cls: griffe.Class) -> Iterator[str]:
        line = self.line(cls)
        names = {self._spelled(one) for one in line[1:]}
        if names & _ENUMS:
            yield Trait.ENUM
        if "typing.TypedDict" in names:
            yield Trait.TYPEDDICT
        if "typing.NamedTuple" in names:
            yield Trait.NAMEDTUPLE
        if names & _MODELS:
            yield Trait.MODEL
        if "typing.Protocol" in self.bases(cls):
            yield Trait.PROTOCOL
        if any(self.options(one) is not None for one in self.own_line(cls)):
            yield Trait.DATACLASS

    def decorators(self, thing: Thing) -> Iterator[tuple[str, ast.expr]]:
        """Give (full name, syntax) of each decorator."""
        for one in getattr(self._symbols.fact(thing).node, "decorator_list", ()):
            if path := dotted(one.func if isinstance(one, ast.Call) else one):
                yield self._types.name(path, thing.parent), one

    def options(self, cls: griffe.Class) -> Options | None:
        """Give the options of the decorator that makes a dataclass of it, None without one."""
        for name, node in self.decorators(cls):
            if name in _DATACLASS or name in _ATTRS:
                options = {one.arg: one.value for one in node.keywords if one.arg} if isinstance(node, ast.Call) else {}
                if name.endswith("frozen"):
                    options.setdefault("frozen", ast.Constant(value=True))
                if name in _NEW_ATTRS:
                    options.setdefault("slots", ast.Constant(value=True))
                return options
        return None

    def is_of_attrs(self, cls: griffe.Class) -> bool:
        """Say whether attrs makes its constructor."""
        return any(name in _ATTRS for name, _ in self.decorators(cls))

    # ---- what follows

    def traits(self, cls: griffe.Class) -> set[str]:
        """Give the facts of a class and its objects."""
        found = set(self.kind(cls))
        options = self.options(cls) or {}
        metaclass = self.own_metaclass(cls)
        abc = self.metaclass(cls) == "abc.ABCMeta" or (metaclass is not None and "abc.ABCMeta" in self.ancestors(metaclass))
        facts = {
            Trait.ABC: abc,
            Trait.ABSTRACT: abc and self._has_unwritten(cls),
            Trait.DYNAMIC: self.first(cls, "__getattr__") is not None or self.first(cls, "__getattribute__") is not None,
            Trait.EQUATED: self._is_equated(cls),
            Trait.FROZEN: is_constant(options.get("frozen"), value=True) or (Trait.MODEL in found and self._is_frozen_model(cls)),
            Trait.ORDERED: self._is_ordered(cls),
            Trait.SLOTS: all(self._is_slotted(one) for one in self.line(cls)),
            Trait.UNHASHABLE: self._is_unhashable(cls),
        }
        return found | {trait for trait, there in facts.items() if there}

    def first(self, cls: griffe.Class, name: str) -> griffe.Object | griffe.Alias | None:
        """Give the member of a name, its own or the nearest of a base that is ours."""
        return next((one.members[name] for one in self.own_line(cls) if name in one.members), None)

    def _is_frozen_model(self, cls: griffe.Class) -> bool:
        node = self._symbols.fact(cls).node
        keywords = node.keywords if isinstance(node, ast.ClassDef) else []
        config = self._symbols.fact(found).node if (found := cls.members.get("model_config")) is not None else None
        value = getattr(config, "value", None)
        keywords = [*keywords, *(value.keywords if isinstance(value, ast.Call) else ())]
        return any(one.arg == "frozen" and is_constant(one.value, value=True) for one in keywords)

    def _has_unwritten(self, cls: griffe.Class) -> bool:
        line = self.own_line(cls)
        names = {name for one in line for name, member in one.members.items() if self.is_abstract(member)}
        return any(self.is_abstract(next(one.members[name] for one in line if name in one.members)) for name in names)

    def is_abstract(self, member: griffe.Object | griffe.Alias) -> bool:
        """Say whether a member is decorated as one that a child must write."""
        node = self._symbols.fact(member).node
        if member.is_alias or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.decorator_list:
            return False
        return any(name.startswith("abc.abstract") for name, _ in self.decorators(cast("Thing", member)))

    def _is_equated(self, cls: griffe.Class) -> bool:
        if self.kind(cls) & {Trait.NAMEDTUPLE, Trait.MODEL} or self.first(cls, "__eq__") is not None:
            return True
        return any((options := self.options(one)) is not None and not is_constant(options.get("eq"), value=False) for one in self.own_line(cls))

    def _is_ordered(self, cls: griffe.Class) -> bool:
        if Trait.NAMEDTUPLE in self.kind(cls) or self.first(cls, "__lt__") is not None or set(self.ancestors(cls)) & _ORDERED:
            return True
        return any((options := self.options(one)) is not None and is_constant(options.get("order"), value=True) for one in self.own_line(cls))

    def _is_slotted(self, one: griffe.Class | str) -> bool:
        if isinstance(one, str):
            return one in _SLOTTED
        if is_constant((self.options(one) or {}).get("slots"), value=True) or "typing.NamedTuple" in self.bases(one):
            return True
        slots = one.members.get("__slots__")
        node = self._symbols.fact(slots).node if slots is not None else None
        value = getattr(node, "value", None)
        if value is None:
            return False
        return not any(isinstance(entry, ast.Constant) and entry.value == "__dict__" for entry in ast.walk(value))

    def _is_unhashable(self, cls: griffe.Class) -> bool:
        for one in self.line(cls):
            if isinstance(one, str):
                if one in _UNHASHABLE:
                    return True
                continue
            if (hashed := one.members.get("__hash__")) is not None:
                fact = self._symbols.fact(hashed)
                return fact.value == "None" if fact.node is None else is_constant(getattr(fact.node, "value", None), value=None)
            options = self.options(one)
            if options is not None and not is_constant(options.get("eq"), value=False):
                hashable = [options.get("frozen"), options.get("unsafe_hash"), options.get("hash")]
                return not any(is_constant(option, value=True) for option in hashable)
            if "__eq__" in one.members:
                return True
        return False


def is_constant(node: ast.expr | None, *, value: object) -> bool:
    """Say whether an expression is this constant."""
    return isinstance(node, ast.Constant) and node.value is value


def _merge(lines: list[list[griffe.Class | str]]) -> list[griffe.Class | str]:
    """Merge bases as C3 does; where C3 finds no order, the first of the lines goes on."""
    rest = [list(line) for line in lines if line]
    out: list[griffe.Class | str] = []
    while len(rest) > 1:
        head = next((line[0] for line in rest if not any(_same(line[0], other) for lower in rest for other in lower[1:])), rest[0][0])
        out.append(head)
        rest = [left for line in rest if (left := [one for one in line if not _same(one, head)])]
    return [*out, *(one for line in rest for one in line)]


def _same(one: griffe.Class | str, other: griffe.Class | str) -> bool:
    return one is other or (isinstance(one, str) and one == other)
