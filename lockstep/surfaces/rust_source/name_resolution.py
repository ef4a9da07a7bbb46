"""What paths and names mean in the modules of a program: declarations, imports, glob imports, aliases.

Sources: https://doc.rust-lang.org/reference/names/name-resolution.html, .../items/use-declarations.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from lockstep.model import Place
from lockstep.surfaces.rust_source.crates import Gap, Library
from lockstep.surfaces.rust_source.items import Kind, content
from lockstep.surfaces.rust_source.module_tree import EDITION_OF_ROOTS, Associated, Foreign, Item, Module, Resolved, Space, Use
from lockstep.surfaces.rust_source.types import Named, read

DEEPEST = 64
"""Segments of the longest path, and how deep imports may follow imports."""
MOST_REACHED = 20_000
"""Modules that the globs of one module may reach."""


class Resolver:
    """Resolves names in the modules of one program.

    `sibling` gives the root module of the path dependency that a module uses under a name. `modules` are those that have been read, `gaps` learns
    what was too much to follow. With `private_globs` off, globs of other crates are followed where their names are passed on.
    """

    def __init__(self, sibling: Callable[[Module, str], Module | None], modules: Sequence[Module], gaps: list[Gap], *, private_globs: bool = True) -> None:
        self._sibling = sibling
        self._modules = modules
        self._gaps = gaps
        self._gave_up = False
        self._private_globs = private_globs
        self._globs: dict[Module, list[tuple[Module, Use]]] = {}
        """The modules that the globs of each bring the names of."""
        self._linked: set[str] = set()
        """The folders of the libraries whose globs are resolved."""
        self._declaring: dict[str, list[Module]] = {}
        self._reached: dict[Module, dict[Module, int]] = {}
        self._memo: dict[Module, dict[tuple[str, Space, Module], Resolved | None]] = {}
        self._active: set[tuple[Module, str, Space]] = set()

    def index(self, module: Module) -> None:
        """Take what a module declares, once it is read."""
        for name in {*module.spaces[Space.TYPES], *module.spaces[Space.VALUES], *module.named}:
            self._declaring.setdefault(name, []).append(module)

    def index_block(self, block: Module) -> None:
        """Take what has been added to the inside of a function."""
        self._memo.pop(block, None)
        self.index(block)
        self._resolve_globs([block])

    def resolve(self, path: Sequence[str], module: Module, space: Space = Space.TYPES, *, absolute: bool = False) -> Resolved | None:
        """Say what a path means in a module; None when nothing of the repository has that name."""
        if not path:
            return None
        if len(path) > DEEPEST:
            self._give_up(module)
            return None
        head, *rest = path
        current: Resolved | None
        if absolute:
            current = self._crate(module, head)
        elif head in ("crate", "self", "super", "Self"):
            current, rest = self._relative(path, module)
        else:
            current = self.lookup(module, head, Space.TYPES if rest else space, module) or self._crate(module, head)
        for index, name in enumerate(rest):
            current = self._member(current, name, Space.TYPES if index + 1 < len(rest) else space, module)
            if current is None:
                return None
        return current

    def imported(self, use: Use, module: Module, space: Space = Space.TYPES, below: Sequence[str] = ()) -> Resolved | None:
        """Say what an import means, or what is `below` it: in the edition of 2015 its path starts at the root of the crate.

        Source: https://doc.rust-lang.org/edition-guide/rust-2018/path-changes.html
        """
        path = (*use.path, *below)
        if module.library.edition <= EDITION_OF_ROOTS and not use.is_crate and path[0] not in ("crate", "self", "super"):
            found = self.resolve(("crate", *path), module, space)
            if found is not None:
                return found
        itself = (module, path[0], Space.TYPES)
        if use.name != path[0] or use.absolute or itself in self._active:
            return self.resolve(path, module, space, absolute=use.absolute)
        self._active.add(itself)
        try:
            return self.resolve(path, module, space)
        finally:
            self._active.discard(itself)

    def _relative(self, path: Sequence[str], module: Module) -> tuple[Resolved | None, list[str]]:
        current: Module | None = module
        while current is not None and current.block:
            current = current.parent
        index = 0
        if path[0] == "crate":
            return module.root, list(path[1:])
        if path[0] == "Self":
            return None, []
        while index < len(path) and path[index] in ("self", "super") and current is not None:
            if path[index] == "super":
                current = current.parent
            index += 1
        return current, list(path[index:])

    def _crate(self, module: Module, name: str) -> Resolved | None:
        if name in module.library.siblings:
            return self._sibling(module, name) or Foreign((name,))
        if name in module.library.foreign:
            return Foreign((module.library.foreign[name],))
        if name == module.library.name:
            return module.root
        return Foreign((name,)) if name in ("std", "core", "alloc", "pyo3") else None

    def _member(self, current: Resolved | None, name: str, space: Space, viewer: Module) -> Resolved | None:
        match current:
            case None:
                return None
            case Foreign(path=path):
                return Foreign((*path, name))
            case Module():
                return self.lookup(current, name, space, viewer)
            case Item(kind=Kind.ALIAS):
                target = self.alias(current)
                return self._member(target, name, space, viewer) if target is not None else Associated(current, name)
            case Item():
                return Associated(current, name)
            case Associated():
                return None

    def alias(self, item: Item) -> Resolved | None:
        """Say what a type alias stands for; None when it is no plain path."""
        key = (item.module, f"type {item.name}", Space.TYPES)
        if key in self._active or self._is_too_deep(item.module):
            return None
        self._active.add(key)
        try:
            found = read(content(item.node.child_by_field_name("type")))
            return self.resolve(found.path, item.module) if isinstance(found, Named) else None
        finally:
            self._active.discard(key)

    def lookup(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Say what a name means in a module for one who looks from `viewer`."""
        key = (name, space, viewer)
        memo = self._memo.setdefault(module, {})
        if key in memo:
            return memo[key]
        active = (module, name, space)
        if self._is_too_deep(module):
            return None
        if active in self._active:
            return self._beside_itself(module, name, space, viewer)
        self._active.add(active)
        try:
            found = self._lookup(module, name, space, viewer)
        finally:
            self._active.discard(active)
        if found is not None or not self._active:
            self._memo.setdefault(module, {})[key] = found
        return found

    def _beside_itself(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Say what a name means at the start of an import that brings it: in `use spam::spam` the first one is declared, or comes from another import."""
        own = module.spaces[space].get(name)
        if own is not None:
            return own
        active = (module, f"* {name}", space)
        if active in self._active:
            return None
        self._active.add(active)
        try:
            others = (one for one in module.named.get(name, ()) if one.path[0] != name)
            found = next((found for one in others if (found := self.imported(one, module, space)) is not None), None)
            return found if found is not None else self._brought(module, name, space, viewer)
        finally:
            self._active.discard(active)

    def _is_too_deep(self, module: Module) -> bool:
        """Say whether names lead through too many others."""
        if len(self._active) > DEEPEST:
            self._give_up(module)
            return True
        return False

    def _give_up(self, module: Module) -> None:
        """Tell, once, that a name led too far to be followed."""
        if not self._gave_up:
            self._gave_up = True
            self._gaps.append(Gap(place=Place(path=module.file), why=f"names lead through more than {DEEPEST} others", cut=True))

    def _lookup(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        found = self._declared(module, name, space, viewer)
        return found if found is not None else self._brought(module, name, space, viewer)

    def _brought(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Give what globs bring into a module, or what is around the inside of a function, by name."""
        self._resolve_globs_of(module.library)
        reached = self._glob_reach(module)
        for other in sorted((one for one in self._declaring.get(name, ()) if one in reached and one is not module), key=reached.__getitem__):
            found = self._declared(other, name, space, viewer)
            if found is not None:
                return found
        return self.lookup(module.parent, name, space, viewer) if module.block and module.parent is not None else None

    def _declared(self, module: Module, name: str, space: Space, viewer: Module) -> Resolved | None:
        """Give what a module declares or imports by name."""
        own = module.spaces[space].get(name)
        if own is not None:
            return own
        foreign: Resolved | None = None
        for use in module.named.get(name, ()):
            if not use.public and not module.contains(viewer):
                continue
            itself = use.path == (name,) and (use.is_crate or (not use.absolute and (module.library.edition > EDITION_OF_ROOTS or module.parent is None)))
            found = self._crate(module, name) if itself else self.imported(use, module, space)
            if found is not None and not isinstance(found, Foreign):
                return found
            foreign = foreign or found or self._external(use, module)
        return foreign

    def _external(self, use: Use, module: Module) -> Foreign | None:
        return None if use.path[0] in ("crate", "self", "super") or self.resolve(use.path[:1], module) is not None else Foreign(use.path)

    # ---- globs

    def _glob_reach(self, module: Module) -> Mapping[Module, int]:
        """Give the modules that the globs of a module reach, with how near each is."""
        if module not in self._reached:
            found: dict[Module, int] = {module: 0}
            pending = deque([module])
            while pending and len(found) < MOST_REACHED:
                current = pending.popleft()
                for target, use in self._globs.get(current, ()):
                    if target not in found and (current is module or use.public or current.contains(module)):
                        found[target] = len(found)
                        pending.append(target)
            if pending:
                self._gaps.append(Gap(place=Place(path=module.file), why="its globs reach too many modules", cut=True))
            self._reached[module] = found
        return self._reached[module]

    def _resolve_globs_of(self, library: Library) -> None:
        """Find the targets of every glob of a library, once."""
        if library.folder in self._linked:
            return
        self._linked.add(library.folder)
        self._resolve_globs([module for module in self._modules if module.library is library])

    def _resolve_globs(self, modules: Sequence[Module]) -> None:
        """Resolve globs, again while those found open the way to more."""
        waiting = [(module, use) for module in modules for use in module.globs if self._private_globs or not _is_private(use, module)]
        while waiting:
            left = []
            for module, use in waiting:
                target = self.imported(use, module)
                if isinstance(target, Module) and target is not module:
                    self._globs.setdefault(module, []).append((target, use))
                elif target is None:
                    left.append((module, use))
            self._reached.clear()
            self._memo.clear()
            if len(left) == len(waiting):
                break
            waiting = left


def _is_private(use: Use, module: Module) -> bool:
    """Say whether a glob brings names of another crate that are not passed on."""
    return not use.public and use.path[0] in module.library.siblings
