"""What does a package promise? One reader per language; each makes surfaces of a tree and the packages found in it.

A reader is a module with `SURFACE`, its name, and `read(tree, packages)`, which gives the surfaces that it finds. Nothing of the tree is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.model import Ecosystem, Package, Place
from lockstep.registry import members
from lockstep.surface import Blind, Surface
from lockstep.tree import Tree

NAMES: tuple[str, ...] = ("python", "rust", "cargo_manifest", "python_manifest", "c", "go", "npm", "declared")


CONFIGURED = ("c", "declared")
"""Those that read what the configuration declares, too."""


class Reader(Protocol):
    """What a module of this room offers."""

    SURFACE: str

    def read(self, tree: Tree, packages: Sequence[Package], config: Config = ..., /) -> tuple[Surface, ...]:
        """Read what the packages promise; of CONFIGURED, what is declared too."""
        ...


class ReaderApart(Protocol):
    """A reader that reads each package by itself."""

    SURFACE: str

    def read(self, tree: Tree, packages: Sequence[Package], beside: Sequence[Package] = (), /) -> tuple[Surface, ...]:
        """Read what some packages promise, of those that are `beside` each other in the tree; of `packages` where these are not named."""
        ...


APART = {"python": Ecosystem.PYTHON, "rust": Ecosystem.CARGO}
"""Those that read each package of their ecosystem by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a tree can be read without the rest: what a reader makes of some packages; `beside` are all of their ecosystem, where it reads each by itself."""

    reader: str
    packages: tuple[Package, ...]
    beside: tuple[Package, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What it is called in another tree: the same reader, and the same package where it is one of many."""
        return (self.reader, *(f"{one.ecosystem} {one.name} {one.manifest}" for one in self.packages if self.reader in APART))


def parts(packages: Sequence[Package]) -> Iterator[Part]:
    """Give what there is to read, in the order in which a review shows it."""
    for name in NAMES:
        if name in APART:
            beside = tuple(package for package in packages if package.ecosystem is APART[name])
            yield from (Part(reader=name, packages=(package,), beside=beside) for package in beside)
        else:
            yield Part(reader=name, packages=tuple(packages))


def read_part(tree: Tree, part: Part, config: Config) -> tuple[Surface, ...]:
    """Read one part of what a tree promises.

    Readers tell what nests too deeply where it stands, as far as they can; where one meets it later, all that it reads here is blind.
    """
    (reader,) = cast("tuple[Reader]", members(__name__, (part.reader,)))
    try:
        return _read(reader, tree, part, config)
    except RecursionError:
        return tuple(
            Surface(surface=reader.SURFACE, package=one.name, blind=(Blind(symbol=one.name, place=Place(path=one.manifest), why=_TOO_DEEP, cut=True),))
            for one in part.packages
        )


_TOO_DEEP = "something in its sources is nested too deeply to be read"


def _read(reader: Reader, tree: Tree, part: Part, config: Config) -> tuple[Surface, ...]:
    if part.reader in APART:
        return cast("ReaderApart", reader).read(tree, part.packages, part.beside)
    return reader.read(tree, part.packages, config) if part.reader in CONFIGURED else reader.read(tree, part.packages)


def release(reader: str) -> None:
    """Let go of what a reader keeps for the package that it reads next: there is none."""
    (found,) = members(__name__, (reader,))
    if hasattr(found, "release"):
        found.release()


def read(tree: Tree, packages: Sequence[Package], config: Config) -> Iterator[Surface]:
    """Read everything that a tree promises, in the order in which a review shows it."""
    for part in parts(packages):
        yield from read_part(tree, part, config)


def readers() -> tuple[Reader, ...]:
    """Give the readers, in the order in which a review shows them."""
    return members(__name__, NAMES)
