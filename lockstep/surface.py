"""The nouns of a promise: what a package offers to those who use it, as frozen data without a parser behind it.

A surface is read by `surfaces/` from a tree, kept in a cache, and compared by `rules/compat/`: everything that a rule asks stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lockstep.model import Place


class ItemKind(StrEnum):
    """What an item is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"  # methods too
    PROPERTY = "property"
    ATTRIBUTE = "attribute"  # a variable, a constant, a field, an enum's member
    TYPE_ALIAS = "type_alias"
    STRUCT = "struct"  # of C and Go
    ENUM = "enum"
    INTERFACE = "interface"
    FIELD = "field"
    CONSTANT = "constant"
    MACRO = "macro"
    FEATURE = "feature"  # what a user can switch on: a Cargo feature, an extra
    DEPENDENCY = "dependency"
    FLOOR = "floor"  # the least that a user must have
    PLATFORM = "platform"
    FILE = "file"
    KEY = "key"  # of a document: a schema's property


class ParameterKind(StrEnum):
    """How an argument reaches a parameter: the kinds of `inspect.Parameter`."""

    POSITIONAL = "positional"
    POSITIONAL_OR_KEYWORD = "positional_or_keyword"
    VAR_POSITIONAL = "var_positional"
    KEYWORD = "keyword"
    VAR_KEYWORD = "var_keyword"


class Stability(StrEnum):
    """What is promised about an item."""

    STABLE = "stable"
    EXPERIMENTAL = "experimental"
    HIDDEN = "hidden"  # private by name, `#[doc(hidden)]`, below a private module


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. `default` is its source text, None when an argument must be given; `annotation` is a resolved type, None when none is written."""

    name: str
    kind: ParameterKind
    default: str | None = None
    annotation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How something is called, without `self` or `cls`. `returns` is a resolved type, None when none is written."""

    parameters: tuple[Parameter, ...]
    returns: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One name that a user can write.

    `path` is how the user writes it (`ordvec.Rank.search`); `origin` is the path where it is defined, so that one thing under two names is
    known as one. `signature` is for readers, `call` and `overloads` for rules; `call` is None where it is not callable or not known.
    `annotation`, `bases` and the types of `call` are written with full names (`builtins.int | None`, `collections.abc.Sequence[ordvec.Rank]`).
    `traits` are facts that are there or not (`async`, `abstract`, `final`, `frozen`, `classmethod`, `staticmethod`, `settable`, `deprecated`, `native`, ...).
    `value` is the source text of a constant's value. `condition` is what decides whether the item exists at all (a cfg, a version test).
    """

    path: str
    kind: ItemKind
    place: Place
    origin: str = ""
    signature: str = ""
    call: Signature | None = None
    overloads: tuple[Signature, ...] = ()
    bases: tuple[str, ...] = ()
    annotation: str | None = None
    value: str | None = None
    traits: frozenset[str] = frozenset()
    stability: Stability = Stability.STABLE
    condition: str | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """What could not be seen: names below `symbol` may be missing, because `place` could not be read."""

    symbol: str
    place: Place
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What one package promises in one language. `items` are in the order of their definition; that order is part of some promises."""

    surface: str
    package: str
    items: Mapping[str, Item] = field(default_factory=dict)
    blind: tuple[Blind, ...] = ()
