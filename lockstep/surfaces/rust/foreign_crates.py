"""Which crates from elsewhere stand in what users write: their types in signatures, fields and aliases, as far as imports tell.

A new major of such a crate breaks users, whatever else is the same: https://doc.rust-lang.org/cargo/reference/semver.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.pattern import pattern
from lockstep.surface import RustFact
from lockstep.surfaces.rust.standard_library import PRELUDE, PRIMITIVES, ROOTS
from lockstep.surfaces.rust_source.module_tree import Module

if TYPE_CHECKING:
    from tree_sitter import Node

    from lockstep.surfaces.rust.type_resolution import TypeResolver

_PATH = pattern(r"(?<![\w'])(?P<path>(?:::\s*)?[A-Za-z_]\w*(?:\s*::\s*[A-Za-z_]\w*)*)(?!\s*!)")
_DEEPEST = 8
_DERIVES = frozenset({"Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"})


class ForeignCrates:
    """Finds the crates behind the names of a text; what one of several globs may bring is not certain."""

    def __init__(self, types: TypeResolver) -> None:
        self._types = types
        self._known: dict[tuple[Module, str], frozenset[str]] = {}

    def of(self, path: tuple[str, ...], module: Module) -> frozenset[str]:
        """Give the facts of one path: `uses NAME`, `may_use NAME`."""
        return self._of(module, path, 0) if module.library.foreign else frozenset()

    def of_path(self, path: tuple[str, ...], module: Module, *, certain: bool = True) -> frozenset[str]:
        """Give the facts of a trait's path; what a derive is called need not be a trait of its crate."""
        if path[0] in ROOTS or (len(path) == 1 and path[0] not in module.named and (path[0] in PRELUDE or path[0] in _DERIVES)):
            return frozenset()
        found = self._of(module, path, 0)
        return found if certain else frozenset(f"{RustFact.MAY_USE} {one.partition(' ')[2]}" for one in found)

    def _of(self, module: Module, path: tuple[str, ...], depth: int) -> frozenset[str]:
        key = (module, "::".join(path))
        if (known := self._known.get(key)) is None:
            self._known[key] = frozenset()
            known = self._known[key] = frozenset(self._find(module, path, depth))
        return known

    def _find(self, module: Module, path: tuple[str, ...], depth: int) -> Iterator[str]:
        head, foreign = path[0], module.library.foreign
        uses = module.named.get(head, ())
        for use in uses:
            if use.path[0] in foreign and not use.is_crate:
                yield f"{RustFact.USES} {foreign[use.path[0]]}"
            elif depth < _DEEPEST and len(use.path) > 1 and isinstance(inner := self._types.module(use.path[:-1], module), Module):
                yield from self._of(inner, (use.path[-1], *path[1:]), depth + 1)
        if uses or self._types.is_known(head, module):
            return
        if len(path) > 1:
            if head in foreign:
                yield f"{RustFact.USES} {foreign[head]}"
            elif depth < _DEEPEST and isinstance(inner := self._types.module(path[:-1], module), Module):
                yield from self._of(inner, path[-1:], depth + 1)
            return
        globs = [foreign[use.path[0]] for use in module.globs if use.path[0] in foreign]
        other = any(use.path[0] not in foreign and not self._types.is_certain(use, module) for use in module.globs)
        certain = len(set(globs)) == 1 and not other
        yield from (f"{RustFact.USES if certain else RustFact.MAY_USE} {name}" for name in globs)


def written_types(node: Node) -> Iterator[Node | None]:
    """Give where a declaration writes types, bounds included."""
    yield from (node.child_by_field_name(name) for name in ("type_parameters", "parameters", "return_type", "type"))
    yield from (child for child in node.children if child.type == "where_clause")


@lru_cache(maxsize=32_768)
def paths_in(text: str) -> tuple[tuple[str, ...], ...]:
    """Give the paths of a text that may name a type of somebody else; a word alone is one where it begins with a capital."""
    found = (tuple(part.strip() for part in one["path"].removeprefix("::").split("::")) for one in _PATH.finditer(text))
    return tuple(path for path in found if path[0] not in ("Self", "self") and path[0] not in ROOTS and (len(path) > 1 or _is_type(path[0])))


def _is_type(word: str) -> bool:
    return word[:1].isupper() and word not in PRELUDE and word not in PRIMITIVES
