"""What users can do with a trait: whether they can implement it, and whether they can use it as `dyn`.

Sources: https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed, https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.pattern import pattern
from lockstep.surface import Item as SurfaceItem
from lockstep.surface import ItemKind, RustFact, Stability
from lockstep.surfaces.rust.exposure import Exposure
from lockstep.surfaces.rust.impls import Impls
from lockstep.surfaces.rust.paths import Path, Thing, is_hidden
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import Impl, Item, Module, Resolved, Space
from lockstep.surfaces.rust_source.name_resolution import Resolver

if TYPE_CHECKING:
    from tree_sitter import Node

_NAME = pattern(r"(?<![\w:])[A-Z]\w*")
_DEEPEST = 8
"""Traits that ask for each other."""
_SEALING = pattern(r"(?i)private|sealed|^__")
"""Names of modules and traits that say who may use them."""


class Sealing:
    """Says which traits nobody else can implement. `public` gives the paths by which users can name things."""

    def __init__(self, names: Resolver, public: Mapping[Thing, list[Path]], impls: Impls) -> None:
        self._names = names
        self._impls = impls
        self._public = public

    def is_sealed(self, item: Item, depth: int = 0) -> bool:
        """Say whether a trait asks for one that users cannot name.

        Source: https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed
        """
        return any(self._is_closed(path, item.module, depth) for path in _supertraits(item.node))

    def given(self, item: Item) -> Iterator[str]:
        """Give the names of the supertraits that an implementation for all types may give."""
        for path in _supertraits(item.node):
            target = self._names.resolve(path, item.module)
            if isinstance(target, Item) and any(self._is_open(block, 0) for block in self._impls.blanket(target)):
                yield path[-1]

    def _is_closed(self, path: Sequence[str], module: Module, depth: int) -> bool:
        """Say whether the trait at a path is one that users cannot implement, and that no implementation for all types gives them."""
        target = self._names.resolve(path, module)
        if target is None:
            target = self._of_sibling(list(path), module)
        if not isinstance(target, Item) or target.kind is not Kind.TRAIT or depth >= _DEEPEST:
            return False
        if not self._is_private(target, module):
            return self.is_sealed(target, depth + 1)
        return not any(self._is_open(block, depth + 1) for block in self._impls.blanket(target))

    def _is_open(self, block: Impl, depth: int) -> bool:
        """Say whether users' types may satisfy what an implementation for all types asks of them."""
        return block.condition is None and not any(self._is_closed(path, block.module, depth) for path in _asked(block.node))

    def _is_private(self, item: Item, viewer: Module) -> bool:
        """Say whether users cannot name something, or are told not to; what comes from a sibling is public there, or nothing here could name it."""
        paths = self._public.get(item)
        if paths or item.module.library is viewer.library:
            return not paths or paths[0].hidden
        return any(is_hidden(one.attributes) or _SEALING.search(one.name) for one in (item, *_modules_around(item)))

    def is_unwritable(self, member: SurfaceItem, at: Exposure, module: Module) -> bool:
        """Say whether an item that must be written is hidden, or names a type that users cannot name: nobody else can write it."""
        if RustFact.REQUIRED not in member.traits:
            return False
        if member.stability is Stability.HIDDEN and not at.hidden:
            return True
        types = [one.annotation or "" for one in member.call.parameters] + [member.call.returns or ""] if member.call is not None else []
        for name in {word for said in types for word in _NAME.findall(said)} - {"Self"}:
            found = self._names.lookup(module, name, Space.TYPES, module)
            if isinstance(found, Item) and found.kind in (Kind.STRUCT, Kind.ENUM) and self._is_private(found, module):
                return True
        return False

    def _of_sibling(self, path: list[str], module: Module) -> Resolved | None:
        """Seek a trait behind the private globs of other crates of the repository, which the program does not follow."""
        for use in module.globs:
            if use.path[0] in module.library.siblings:
                found = self._names.imported(use, module, below=path)
                if found is not None:
                    return found
        return None


def _supertraits(node: Node) -> Iterator[list[str]]:
    """Give the paths of what a trait asks for, behind its colon and by `where Self`."""
    yield from _paths(node.child_by_field_name("bounds"))
    for left, bounds in _predicates(node):
        if left == "Self":
            yield from _paths(bounds)


def _asked(node: Node) -> Iterator[list[str]]:
    """Give the paths of all bounds of an impl block."""
    parameters = node.child_by_field_name("type_parameters")
    for one in parameters.named_children if parameters is not None else ():
        yield from _paths(one.child_by_field_name("bounds"))
    for _, bounds in _predicates(node):
        yield from _paths(bounds)


def _predicates(node: Node) -> Iterator[tuple[str, Node | None]]:
    clause = next((child for child in node.named_children if child.type == "where_clause"), None)
    for one in clause.named_children if clause is not None else ():
        yield content(one.child_by_field_name("left")), one.child_by_field_name("bounds")


def _paths(bounds: Node | None) -> Iterator[list[str]]:
    for node in bounds.named_children if bounds is not None else ():
        named = node.child_by_field_name("type") if node.type == "generic_type" else node
        path = [part.strip() for part in content(named).split("::") if part.strip()]
        if path and path[0].replace("_", "a").isalnum():
            yield path


def _modules_around(item: Item) -> Iterator[Item]:
    """Give the modules that an item stands in, as items."""
    module: Module | None = item.module
    while module is not None and module.item is not None:
        yield module.item
        module = module.parent


_NOT_DYN_COMPATIBLE = frozenset({"Sized", "Clone", "Copy", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"})


def is_dyn_compatible(bases: tuple[str, ...], below: list[SurfaceItem]) -> bool:
    """Say whether `dyn` of a trait is possible, as far as the trait itself tells.

    Source: https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility
    """
    if _NOT_DYN_COMPATIBLE & {one.partition("<")[0] for one in bases}:
        return False
    for one in below:
        if any(parameter.name == "where Self" and "Sized" in (parameter.bound or "") for parameter in one.type_parameters):
            continue
        if one.kind is ItemKind.CONSTANT or (one.kind is ItemKind.TYPE_ALIAS and one.type_parameters):
            return False
        if one.kind is ItemKind.FUNCTION and one.call is not None:
            if any(not parameter.name.startswith(("'", "where ")) for parameter in one.type_parameters) or RustFact.ASYNC in one.traits:
                return False
            if not any(parameter.name == "self" for parameter in one.call.parameters):
                return False
            types = [one.call.returns or "", *(parameter.annotation or "" for parameter in one.call.parameters if parameter.name != "self")]
            if any(_names_itself(said) or said.startswith("impl ") for said in types):
                return False
    return True


def _names_itself(said: str) -> bool:
    position = said.find("Self")
    while position >= 0:
        before, after = said[:position][-1:], said[position + 4 :][:2]
        if not (before.isalnum() or before == "_") and after != "::" and not (after[:1].isalnum() or after[:1] == "_"):
            return True
        position = said.find("Self", position + 4)
    return False
