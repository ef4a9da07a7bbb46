"""Python types as values: a class with its arguments, a union, a literal, a callable, a tuple.

Unions are flat and without order, so that equal types are equal values; `union` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lockstep.dataclass import dataclass

DEEPEST = 60
"""How deep types stand in each other where they are compared; what is deeper is not known."""


@dataclass(frozen=True, slots=True)
class Named:
    """A class, perhaps with arguments; without them they are Any."""

    name: str
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """One of several, None among them; never a union in a union, never one member alone."""

    members: frozenset[Type]


@dataclass(frozen=True, slots=True)
class Literal:
    """One value, as source text; `cls` is its class, "" where it is not known."""

    value: str
    cls: str


@dataclass(frozen=True, slots=True)
class Function:
    """A `Callable`; `parameters` is None for `...` and for what cannot be compared one by one."""

    parameters: tuple[Type, ...] | None
    returns: Type


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple of a fixed length, or with `rest` of any: `tuple[int, ...]`."""

    items: tuple[Type, ...]
    rest: Type | None = None


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not understood, as text."""

    text: str


Type: TypeAlias = Named | Union | Literal | Function | Tuple | Opaque

ANY = Named("typing.Any")
NONE = Named("None")
OBJECT = Named("builtins.object")
NEVER = Named("typing.Never")


def union(members: Iterable[Type]) -> Type:
    """Make a union: flat, each member once, the one member itself where there is but one."""
    flat = frozenset(one for member in members for one in (member.members if isinstance(member, Union) else (member,)))
    if OBJECT in flat:
        return OBJECT
    flat = flat - {NEVER} or flat
    return next(iter(flat)) if len(flat) == 1 else Union(flat)


def is_any(one: Type) -> bool:
    """Say whether a type is Any, or has it as a member: nobody can do wrong with it."""
    return one == ANY or (isinstance(one, Union) and ANY in one.members)
