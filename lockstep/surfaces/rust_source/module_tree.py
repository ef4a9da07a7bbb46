"""The module tree of a library: its modules with the items, imports, impl blocks and macro definitions that stand in them.

Source: https://doc.rust-lang.org/reference/items.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass
from lockstep.model import Place
from lockstep.surfaces.rust_source.attributes import NONE, Attributes
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.crates import Library
from lockstep.surfaces.rust_source.items import Declaration, Kind, Text, content, imports
from lockstep.surfaces.rust_source.macros import MacroRules
from lockstep.surfaces.rust_source.tokens import Tree
from lockstep.surfaces.rust_source.types import RustType, read

if TYPE_CHECKING:
    from tree_sitter import Node

EDITION_OF_ROOTS = 2015
"""The edition in which every import starts at the root of its crate."""


class Space(StrEnum):
    """The two namespaces in which items stand."""

    TYPES = "types"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """A declared item; `public` means that a visibility is written, `exported` that it is a plain `pub`.

    `condition` is what of its cfg, and of its modules', is not known. `arguments` are those of the macro that declares it. `block` is the
    `extern` block that imports it.
    """

    kind: Kind
    name: str
    node: Node
    text: Text
    module: Module
    attributes: Attributes
    public: bool
    exported: bool = False
    condition: str | None = None
    arguments: tuple[Tree, ...] = ()
    block: Node | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Impl:
    """An impl block."""

    node: Node
    text: Text
    module: Module
    attributes: Attributes
    type: RustType
    trait: RustType | None
    condition: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Use:
    """One imported name in a module; `is_crate` is what `extern crate` names, wherever it stands."""

    name: str
    path: tuple[str, ...]
    absolute: bool
    public: bool
    attributes: Attributes
    place: Place
    exported: bool = False
    is_crate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MacroCall:
    """A macro invocation where items stand that could not be expanded, and why."""

    path: tuple[str, ...]
    arguments: tuple[Tree, ...]
    module: Module
    text: Text
    node: Node
    why: str = ""
    words: frozenset[str] = frozenset()
    """The names in its arguments and, where its definition is known, in that."""
    block: Node | None = None
    """The `extern` block that it stands in."""
    condition: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place(self.node)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something of a crate from elsewhere, by its full path; the first part is the crate's real name."""

    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part."""
        return self.path[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Associated:
    """An associated function or constant, or a variant, of a local type."""

    owner: Item
    name: str


class Module:
    """A module: `block` marks the inside of a function, which also sees what its surroundings see."""

    def __init__(self, library: Library, path: tuple[str, ...], parent: Module | None, *, block: bool = False, condition: str | None = None) -> None:
        self.library = library
        self.path = path
        self.parent = parent
        self.block = block
        self.condition = condition
        self.item: Item | None = None
        self.spaces: dict[Space, dict[str, Item | Module]] = {Space.TYPES: {}, Space.VALUES: {}}
        self.items: list[Item] = []
        self.uses: list[Use] = []
        self.named: dict[str, list[Use]] = {}
        self.globs: list[Use] = []
        self.macros: dict[str, tuple[MacroRules, Module]] = {}
        self.macro_items: list[Item] = []
        self.text: Text | None = None

    @property
    def root(self) -> Module:
        """The root of the library."""
        module = self
        while module.parent is not None:
            module = module.parent
        return module

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.text.path if self.text else self.library.root

    def declare(self, item: Item) -> None:
        """Add an item under its name, in the namespace of its kind."""
        self.items.append(item)
        names = self.spaces[Space.VALUES if item.kind in (Kind.FUNCTION, Kind.CONSTANT) else Space.TYPES]
        known = names.get(item.name)
        # Of two that exclude each other by a cfg that is not known, the first speaks; one that certainly exists goes before both.
        if known is None or (known.condition is not None and item.condition is None):
            names[item.name] = item

    def declare_all(self, items: list[Item], spoken_for: Mapping[Space, Mapping[str, int]] | None) -> None:
        """Add items; where it is known which of them speak for their names, no other is asked."""
        if spoken_for is None:
            for item in items:
                self.declare(item)
            return
        self.items += items
        for space, chosen in spoken_for.items():
            names = self.spaces[space]
            for name, number in chosen.items():
                item = items[number]
                known = names.get(name)
                if known is None or (known.condition is not None and item.condition is None):
                    names[name] = item

    def add_imports(self, uses: Sequence[Use], named: Mapping[str, list[Use]], globs: Sequence[Use]) -> None:
        """Add imports, of which `named` has those with a name by that; it may be shared with other modules, and is not written to."""
        self.uses += uses
        self.globs += globs
        if not self.named:
            self.named = dict(named)
            return
        for name, each in named.items():
            self.named[name] = [*self.named.get(name, ()), *each]

    def contains(self, other: Module) -> bool:
        """Say whether `other` is this module or stands inside of it."""
        return self.library is other.library and other.path[: len(self.path)] == self.path


Resolved: TypeAlias = Item | Module | Associated | Foreign


def item_of(module: Module, one: Declaration, text: Text, *, name: str = "", arguments: tuple[Tree, ...] = ()) -> Item:
    """Give the item that a declaration makes in a module."""
    return Item(
        kind=one.kind,
        name=name or one.name,
        node=one.node,
        text=text,
        module=module,
        attributes=one.attributes,
        public=one.public,
        exported=one.exported,
        condition=joined(module.condition, one.attributes.condition),
        arguments=arguments,
    )


def impl_of(module: Module, one: Declaration, text: Text) -> Impl:
    """Give the impl block that a declaration makes in a module."""
    type_, trait = _implemented(one.node)
    return Impl(
        node=one.node,
        text=text,
        module=module,
        attributes=one.attributes,
        type=type_,
        trait=trait,
        condition=joined(module.condition, one.attributes.condition),
    )


@lru_cache(maxsize=65_536)
def _implemented(node: Node) -> tuple[RustType, RustType | None]:
    """Read the type that an impl block is for, and the trait."""
    trait = node.child_by_field_name("trait")
    return read(content(node.child_by_field_name("type"))), read(content(trait)) if trait is not None else None


@lru_cache(maxsize=65_536)
def uses_of(one: Declaration, path: str, line: int | None) -> tuple[Use, ...]:
    """Give the imports that a `use` declaration makes in the text of a path, or in what stands on a line of it; every module that has them has the same."""
    place = Text(path=path, line=line).place(one.node)
    return tuple(
        Use(
            name=imported.name,
            path=imported.path,
            absolute=imported.absolute,
            public=one.public,
            attributes=one.attributes,
            place=place,
            exported=one.exported,
        )
        for imported in imports(one.node)
    )


def inactive_impl(module: Module, node: Node, text: Text) -> Impl:
    """Give an impl block that waits for a feature."""
    return Impl(node=node, text=text, module=module, attributes=NONE, type=read(content(node.child_by_field_name("type"))), trait=None)
