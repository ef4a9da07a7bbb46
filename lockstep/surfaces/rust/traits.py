"""What users can do with a trait: whether they can implement it, and whether they can use it as `dyn`.

Sources: https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed, https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockstep.pattern import pattern
from lockstep.surface import Item as SurfaceItem
from lockstep.surface import ItemKind, RustFact, Stability
from lockstep.surfaces.rust.exposure import Exposure
from lockstep.surfaces.rust.paths import Path, Thing, is_hidden
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import Item, Module, Resolved, Space
from lockstep.surfaces.rust_source.name_resolution import Resolver

_NAME = pattern(r"(?<![\w:])[A-Z]\w*")
_SEALING = pattern(r"(?i)private|sealed|^__")
"""Names of modules and traits that say who may use them."""


class Sealing:
    """Says which traits nobody else can implement. `public` gives the paths by which users can name things."""

    def __init__(self, names: Resolver, public: Mapping[Thing, list[Path]]) -> None:
        self._names = names
        self._public = public

    def is_sealed(self, item: Item, depth: int = 0) -> bool:
        """Say whether a trait asks for one that users cannot name.

        Source: https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed
        """
        held = item.node.child_by_field_name("bounds")
        for node in held.named_children if held is not None else ():
            named = node.child_by_field_name("type") if node.type == "generic_type" else node
            path = [part.strip() for part in content(named).split("::") if part.strip()]
            target = self._names.resolve(path, item.module) if path and path[0].replace("_", "a").isalnum() else None
            if target is None and path:
                target = self._of_sibling(path, item.module)
            if (
                isinstance(target, Item)
                and target.kind is Kind.TRAIT
                and (self._is_private(target, item.module) or (depth < 8 and self.is_sealed(target, depth + 1)))
            ):
                return True
        return False

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
        for use in module.uses:
            if use.name == "*" and use.path[0] in module.library.siblings:
                found = self._names.imported(use, module, below=path)
                if found is not None:
                    return found
        return None


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
