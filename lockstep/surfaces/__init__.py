"""What does a package promise? One reader per language; each makes surfaces of a tree and the packages found in it.

A reader is a module with `SURFACE`, its name, and `read(tree, packages)`, which gives the surfaces that it finds. Nothing of the tree is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from lockstep.config import Config
from lockstep.model import Package
from lockstep.registry import members
from lockstep.surface import Surface
from lockstep.tree import Tree

NAMES: tuple[str, ...] = ("python", "rust", "cargo_manifest", "python_manifest", "c", "go", "declared")


CONFIGURED = ("c", "declared")
"""Those that read what the configuration declares, too."""


class Reader(Protocol):
    """What a module of this room offers."""

    SURFACE: str

    def read(self, tree: Tree, packages: Sequence[Package], config: Config = ..., /) -> tuple[Surface, ...]:
        """Read what the packages promise; of CONFIGURED, what is declared too."""
        ...


def read(tree: Tree, packages: Sequence[Package], config: Config) -> Iterator[Surface]:
    """Read everything that a tree promises, in the order in which a review shows it."""
    for name, reader in zip(NAMES, readers(), strict=True):
        yield from reader.read(tree, packages, config) if name in CONFIGURED else reader.read(tree, packages)


def readers() -> tuple[Reader, ...]:
    """Give the readers, in the order in which a review shows them."""
    return members(__name__, NAMES)
