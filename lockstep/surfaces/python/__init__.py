"""What a Python distribution promises: the API of its import packages, read with griffe from texts, stubs and native modules joined.

Nothing is imported, built or run, and no work tree is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.errors import RepositoryError
from lockstep.model import Ecosystem, Package, Place
from lockstep.surface import Blind, Surface
from lockstep.surfaces.python.items import Items
from lockstep.surfaces.python.layout import Layout, layout
from lockstep.surfaces.python.world import World
from lockstep.tree import Tree

SURFACE = "python"
VERSION = 2


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Give the surface of every Python distribution of the tree that has an import package."""
    return tuple(_surfaces(tree, [package for package in packages if package.ecosystem is Ecosystem.PYTHON]))


def _surfaces(tree: Tree, packages: Sequence[Package]) -> Iterator[Surface]:
    for package in packages:
        plan = layout(tree, package)
        if plan.modules:
            yield _surface(tree, package, plan)


def _surface(tree: Tree, package: Package, plan: Layout) -> Surface:
    world = World()
    for name, paths in plan.modules.items():
        path = next((one for one in paths if one.endswith(".py")), paths[0])
        try:
            text = tree.read(path)
        except RepositoryError as error:
            world.blind.append(Blind(symbol=name, place=Place(path=path, line=error.line), why=error.message))
            continue
        world.add(name, path, text)
    world.join()
    reader = Items(world)
    items = reader.all()
    return Surface(surface=SURFACE, package=package.name, items=items, blind=(*world.blind, *reader.blind))
