"""How far long work is, on stderr, on a terminal only, and not before it is long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lockstep.reports.escape import printable
from lockstep.tree import Tree

PATIENCE = 0.5
"""Seconds of work that nobody needs to be told of."""
OFTEN = 0.1
"""Seconds between two pictures."""
BAR = 24
SOURCES = (".rs", ".py", ".pyi", ".h", ".go", ".toml")


class Watched:
    """A tree that tells of each file that is read."""

    def __init__(self, tree: Tree, tell: Callable[[], None]) -> None:
        self._tree = tree
        self._tell = tell
        self.name = tree.name

    def read(self, path: str) -> str:
        """Read a file, and tell."""
        self._tell()
        return self._tree.read(path)

    def paths(self, pattern: str = "**") -> tuple[str, ...]:
        """Give the tracked files."""
        return self._tree.paths(pattern)

    def has(self, path: str) -> bool:
        """Say whether `path` is one of the files."""
        return self._tree.has(path)


class _Bar:
    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self.done = 0
        self.drawn = False
        self.next = time.monotonic() + PATIENCE

    def tell(self) -> None:
        """Count a file, and draw where it is time to."""
        self.done += 1
        if (now := time.monotonic()) < self.next:
            return
        self.next = now + OFTEN
        self.drawn = True
        full = min(BAR, BAR * self.done // max(self.total, 1))
        sys.stderr.write(f"\r{self.what}  [{'#' * full}{'-' * (BAR - full)}]  {self.done} files\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line as it was."""
        if self.drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def visible() -> bool:
    """Say whether stderr leads to a terminal that can draw over a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def reading(tree: Tree) -> Iterator[Tree]:
    """Give the tree to read from; how far that is, is drawn meanwhile."""
    if not visible():
        yield tree
        return
    bar = _Bar(printable(f"reading {tree.name}")[:40], sum(path.endswith(SOURCES) for path in tree.paths()))
    try:
        yield Watched(tree, bar.tell)
    finally:
        bar.clear()
