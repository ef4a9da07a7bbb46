"""The surfaces of crates that were read before, for those whose sources have not changed: of a workspace, most are the same in two releases."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError
from lockstep.surface import Surface, with_items_of
from lockstep.surfaces.observed_tree import ObservedTree
from lockstep.surfaces.rust_source.crates import Gap, Libraries, Library
from lockstep.tree import Tree

MOST = 512
"""Crates whose surface is kept."""


class RecordingTree(ObservedTree):
    """A tree that notes what is asked of it, with the `contents` that it gave; None for what could not be read."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self.contents: dict[str, str | None] = {}

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError as the tree does."""
        self.contents[path] = None
        self.contents[path] = text = super().read(path)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedSurface:
    """A surface, and all that it was made of."""

    surface: Surface
    libraries: Mapping[str, Library | None]
    gaps: tuple[Gap, ...]
    texts: Mapping[str, str | None]
    there: Mapping[str, bool]

    def holds(self, libraries: Libraries, tree: Tree) -> bool:
        """Say whether a tree says the same of all of it."""
        if set(self.libraries) != set(libraries.folders) or any(libraries.at(folder) != one for folder, one in self.libraries.items()):
            return False
        if self.gaps != tuple(libraries.gaps) or any(tree.has(path) is not there for path, there in self.there.items()):
            return False
        return all(_read(tree, path) == text for path, text in self.texts.items())


_KEPT: OrderedDict[tuple[str, str], CachedSurface] = OrderedDict()


def cached(key: tuple[str, str], libraries: Libraries, tree: Tree) -> CachedSurface | None:
    """Give the surface of a crate that was read before, if nothing of it has changed."""
    known = _KEPT.get(key)
    return known if known is not None and known.holds(libraries, tree) else None


def store(key: tuple[str, str], found: Surface, libraries: Libraries, recorded: RecordingTree) -> Surface:
    """Keep the surface of a crate; give it with the items that it had before, where they are the same."""
    surface = with_items_of(_KEPT[key].surface if key in _KEPT else None, found)
    _KEPT[key] = CachedSurface(
        surface=surface,
        libraries={folder: libraries.at(folder) for folder in libraries.folders},
        gaps=tuple(libraries.gaps),
        texts=recorded.contents,
        there=recorded.there,
    )
    while len(_KEPT) > MOST:
        _KEPT.popitem(last=False)
    return surface


def _read(tree: Tree, path: str) -> str | None:
    try:
        return tree.read(path)
    except RepositoryError:
        return None
