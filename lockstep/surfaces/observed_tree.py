"""A tree that notes what a reader asks of it: what was read may be kept for as long as a tree answers the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lockstep.tree import Tree


class ObservedTree:
    """A tree that notes what is asked of it: the files that are read, those that are looked for, and the globs that are `listed`, or all `opened`."""

    def __init__(self, tree: Tree) -> None:
        self.base = tree
        self.texts: set[str] = set()
        self.there: dict[str, bool] = {}
        self.listed: set[str] = set()
        self.opened: set[str] = set()
        self.failed = False
        """Whether something that was to be read could not be."""

    @property
    def name(self) -> str:
        """What to call it."""
        return self.base.name

    def read(self, path: str) -> str:
        """Give a file's text; raises RepositoryError as the tree does."""
        self.failed, before = True, self.failed
        text = self.base.read(path)
        self.failed = before
        self.texts.add(path)
        return text

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the files that match a glob."""
        self.listed.add(pattern)
        return self.base.paths(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        self.there[path] = found = self.base.has(path)
        return found

    def open(self, pattern: str) -> None:
        """Note that all files that match a glob are read, in one word: by another way, and once for many readers."""
        self.opened.add(pattern)

    def note(self, texts: Iterable[str], there: Mapping[str, bool]) -> None:
        """Add what was asked of the tree by another way: files that were read, and those that were looked for."""
        self.texts.update(texts)
        self.there.update(there)
