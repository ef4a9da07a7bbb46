"""What does a package promise? One reader per language; each makes surfaces of a tree and the packages found in it.

A reader is a module with `SURFACE`, its name, and `read(tree, packages)`, which gives the surfaces that it finds. Nothing of the tree is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lockstep.model import Package
from lockstep.registry import members
from lockstep.surface import Surface
from lockstep.tree import Tree

NAMES: tuple[str, ...] = ("python", "rust", "cargo_manifest", "python_manifest", "c", "go", "declared")


class Reader(Protocol):
    """What a module of this room offers."""

    SURFACE: str

    def read(self, tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
        """Read what the packages promise."""
        ...


def readers() -> tuple[Reader, ...]:
    """Give the readers, in the order in which a review shows them."""
    return members(__name__, NAMES)
