"""What packages promise, kept by what it was read from: after a commit, only the packages that it touched are read again.

An entry is for one part of a tree (a package, and who reads it). It holds a few variants, each with the ids of the contents that were read, the files
that were looked for, and what the globs gave; where a tree says the same of all that, the surfaces are those of the variant. They stand in an entry of
their own, and are made of its text when somebody asks for their items: what is the same at both moments of a comparison is never asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import cast

from lockstep.cache import Cache, packed, unpacked, unpacker
from lockstep.dataclass import dataclass, replace
from lockstep.model import Package
from lockstep.repository.git_trees import GitTree, IndexTree, WorkTree
from lockstep.surface import Item, LaterItems, Surface, with_items_of
from lockstep.surfaces import APART, Part
from lockstep.surfaces.observed_tree import ObservedTree

MOST_VARIANTS = 4
"""States of a part that are kept: the last release, what is worked on, and another branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What surfaces were made of, and the key of the entry in which they stand."""

    texts: Mapping[str, str]
    there: Mapping[str, bool]
    listed: Mapping[str, str]
    opened: Mapping[str, str]
    surfaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The variants of a part, the last one first."""

    all: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What is kept of a surface beside its items: all the rest of it, how many items there are, and how many of them are promised."""

    rest: Surface
    items: int
    offered: int


class KeptSurfaces:
    """The surfaces of parts that were read before; `depends` is what they depend on beside the tree."""

    def __init__(self, cache: Cache, *depends: str) -> None:
        self._cache = cache
        self._depends = depends
        self._variants: dict[tuple[str, ...], Variants] = {}
        self._surfaces: dict[str, tuple[Surface, ...]] = {}
        self._last: tuple[tuple[str, ...], tuple[Surface, ...]] = ((), ())
        """The part that was read last, most of which the same part of another tree promises too, and what it promises."""
        self._rows = _Rows()
        self._beside: dict[int, tuple[tuple[Package, ...], str]] = {}
        """The packages beside each other in a tree, by their identity, and what their folders come to."""

    def read(self, part: Part, tree: ContentIds, *, anew: bool = False) -> tuple[Surface, ...] | None:
        """Give the surfaces of a part, where they were read from what the tree holds too; `anew` looks for what another process has kept."""
        if part.reader not in APART:
            return None
        key = self._key(part)
        if anew or key not in self._variants:
            self._variants[key] = self._cache.read(Variants, *key) or Variants()
        variants = self._variants[key]
        found = next((one for one in variants.all if tree.holds(one)), None)
        surfaces = None if found is None else self._read_surfaces(found.surfaces)
        if found is not None and surfaces is not None and found is not variants.all[0]:
            self._keep_variants(key, found)
        return surfaces

    def keep(self, part: Part, tree: ContentIds, seen: ObservedTree, surfaces: tuple[Surface, ...]) -> tuple[Surface, ...]:
        """Keep the surfaces of a part, with all that was asked of the tree; give them under the name by which they are kept."""
        if part.reader not in APART or seen.failed:
            return surfaces
        key, texts = self._key(part), {path: tree.id(path) for path in sorted(seen.texts)}
        if tree.unsteady:
            return surfaces
        before = {(one.surface, one.package): one for one in (self._last[1] if self._last[0] == key else ())}
        surfaces = tuple(with_items_of(before.get((one.surface, one.package)), one) for one in surfaces)
        self._last = (key, surfaces)
        listed = {pattern: tree.listing(pattern) for pattern in sorted(seen.listed)}
        opened = {pattern: tree.contents(pattern) for pattern in sorted(seen.opened)}
        made = Variant(texts=texts, there=dict(sorted(seen.there.items())), listed=listed, opened=opened, surfaces="")
        made = replace(made, surfaces=hashlib.sha256("\0".join((*key, packed(made, Variant))).encode(errors="surrogateescape")).hexdigest())
        if self._cache.keeps:
            self._cache.keep_text("\n".join(_written(surfaces)), "surfaces", made.surfaces)
        named = (LaterItems(partial(_itself, one.items), f"{made.surfaces} {number}", len(one.items), one.offered) for number, one in enumerate(surfaces))
        self._surfaces[made.surfaces] = kept = tuple(replace(one, items=items) for one, items in zip(surfaces, named, strict=True))
        self._keep_variants(key, made)
        return kept

    def forget(self) -> None:
        """Let go of all surfaces: they are found on disk again."""
        self._surfaces.clear()
        self._last = ((), ())

    def is_on_disk(self, part: Part, tree: ContentIds) -> bool:
        """Say whether another process finds a part."""
        return self._cache.keeps and part.reader in APART and any(tree.holds(one) for one in (self._cache.read(Variants, *self._key(part)) or Variants()).all)

    def _keep_variants(self, key: tuple[str, ...], first: Variant) -> None:
        others = (one for one in self._variants.get(key, Variants()).all if one != first)
        self._variants[key] = kept = Variants(all=(first, *others)[:MOST_VARIANTS])
        self._cache.keep(kept, *key)

    def _key(self, part: Part) -> tuple[str, ...]:
        """Name a part: what a package is called, where it is, and which others are beside it; its version says nothing about what it promises."""
        packages = (repr(replace(one, version=None)) for one in part.packages)
        if id(part.beside) not in self._beside:
            self._beside[id(part.beside)] = (part.beside, _digest(one.root for one in part.beside))
        return (*self._depends, part.reader, *packages, self._beside[id(part.beside)][1])

    def _read_surfaces(self, name: str) -> tuple[Surface, ...] | None:
        if name not in self._surfaces:
            text = self._cache.read_text("surfaces", name)
            if text is None or (made := _surfaces(name, text, self._rows)) is None:
                return None
            self._surfaces[name] = made
        return self._surfaces[name]


class ContentIds:
    """The contents of a tree, told from others: by git's object ids, and of the work tree by the ids that its files would have."""

    def __init__(self, tree: WorkTree | IndexTree | GitTree) -> None:
        self._tree = tree
        self._ids: dict[str, str] = {}
        self._listings: dict[str, str] = {}
        self._contents: dict[str, str] = {}

    def holds(self, variant: Variant) -> bool:
        """Say whether the tree answers all that was asked as it was answered then."""
        return (
            all(self._tree.has(path) is there for path, there in variant.there.items())
            and all(self.id(path) == known for path, known in variant.texts.items())
            and all(self.listing(pattern) == known for pattern, known in variant.listed.items())
            and all(self.contents(pattern) == known for pattern, known in variant.opened.items())
        )

    @property
    def unsteady(self) -> bool:
        """Say whether a file changed while the tree was read."""
        return isinstance(self._tree, WorkTree) and self._tree.unsteady

    def id(self, path: str) -> str:
        """Give the id of a file's content; empty where there is none."""
        if not isinstance(self._tree, WorkTree):
            return self._tree.oid(path) or ""
        if path not in self._ids:
            self._ids[path] = self._of_work_tree(self._tree, path)
        return self._ids[path]

    @staticmethod
    def _of_work_tree(tree: WorkTree, path: str) -> str:
        from lockstep.repository.uncommitted import blob_id  # noqa: PLC0415 - a commit has ids already

        return blob_id(tree.read_bytes(path), tree.oid(path) or "") if tree.has(path) else ""

    def listing(self, pattern: str) -> str:
        """Tell what a glob gives from what it gave before."""
        if pattern not in self._listings:
            self._listings[pattern] = _digest(self._tree.paths(pattern))
        return self._listings[pattern]

    def contents(self, pattern: str) -> str:
        """Tell the files that match a glob, with all that is in them, from those that matched before."""
        if pattern not in self._contents:
            self._contents[pattern] = _digest(part for path in self._tree.paths(pattern) for part in (path, self.id(path)))
        return self._contents[pattern]


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode(errors="surrogateescape")).hexdigest()


def _written(surfaces: tuple[Surface, ...]) -> Iterator[str]:
    """Write surfaces, each as two lines: its head and its items."""
    for one in surfaces:
        head = _Head(rest=replace(one, items={}), items=len(one.items), offered=one.offered)
        yield packed(head, _Head)
        yield packed(tuple(one.items.values()), tuple[Item, ...])


def _itself(items: Mapping[str, Item]) -> Mapping[str, Item]:
    return items


class _Rows:
    """The rows of the surface whose items were made last, each with its item: of the same surface at another moment, most rows are the same."""

    def __init__(self) -> None:
        self._of: tuple[str, str] | None = None
        self._known: dict[str, tuple[list[object], Item]] = {}

    def items(self, surface: Surface, text: str) -> Mapping[str, Item]:
        """Make the items of a surface of the text of its rows; a row that the same surface had at another moment is the item that it was."""
        import json  # noqa: PLC0415 - what is the same at both moments is never made

        of, make = (surface.surface, surface.package), unpacker(Item)
        known = self._known if of == self._of else {}
        made: dict[str, tuple[list[object], Item]] = {}
        for row in json.loads(text):
            same = known.get(row[0])
            made[row[0]] = same if same is not None and same[0] == row else (row, make(row))
        self._of, self._known = (None, {}) if known else (of, made)
        return {path: item for path, (_, item) in made.items()}


def _surfaces(name: str, text: str, rows: _Rows) -> tuple[Surface, ...] | None:
    """Read surfaces as they were written under a name; None where they are not whole."""
    lines = text.split("\n") if text else []
    found = []
    for number, (written, items) in enumerate(zip(lines[::2], lines[1::2], strict=False)):
        head = cast("_Head | None", unpacked(written, _Head))
        if head is None:
            return None
        later = LaterItems(partial(rows.items, head.rest, items), f"{name} {number}", head.items, head.offered)
        found.append(replace(head.rest, items=later))
    return tuple(found)
