"""What Go modules promise to those who import them: the path of the module, the least Go, and every exported identifier.

Commands, tests, `internal` and `testdata` are nobody's to import.
Sources: https://go.dev/ref/mod#go-mod-file, https://pkg.go.dev/cmd/go#hdr-Internal_Directories, https://go.dev/blog/module-compatibility
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import basename

from lockstep.dataclass import replace
from lockstep.errors import RepositoryError
from lockstep.manifest import inside
from lockstep.model import Package, Place
from lockstep.pattern import pattern
from lockstep.project.discovery import NOT_OURS, SAMPLES, is_example
from lockstep.surface import Blind, Item, ItemKind, Surface
from lockstep.surfaces.go.declarations import GoFile
from lockstep.tree import Tree

SURFACE = "go"
LARGEST = 2 * 2**20
"""Characters; a longer file is generated data."""

_MODULE = pattern(r"^[ \t]*module[ \t]+\"?(?P<path>[^\s\"]+)\"?", re.MULTILINE)
_GO = pattern(r"^[ \t]*go[ \t]+(?P<version>[0-9][0-9.]*)", re.MULTILINE)
_CLOSED = pattern(r"(?:^|/)(?:internal|testdata|vendor|_[^/]*|\.[^/]*)(?:/|$)")


def read(tree: Tree, packages: Sequence[Package]) -> tuple[Surface, ...]:
    """Read every module of the repository, each for the package in whose folder it lies."""
    folders = [path.rpartition("/")[0] for path in tree.paths("**/go.mod") if _is_ours(path)]
    owned: dict[str, list[str]] = {}
    for folder in folders:
        above = [package for package in packages if not package.root or f"{folder}/".startswith(f"{package.root}/")]
        owner = max(above, key=lambda package: len(package.root), default=None)
        owned.setdefault(owner.name if owner is not None else basename(folder) or "go", []).append(folder)
    return tuple(_surface(tree, name, mine, folders) for name, mine in owned.items())


def _is_ours(path: str) -> bool:
    return not (NOT_OURS.search(path) or SAMPLES.search(path) or is_example(path.rpartition("/")[0]))


def _surface(tree: Tree, package: str, mine: list[str], modules: list[str]) -> Surface:
    items: dict[str, Item] = {}
    blind: list[Blind] = []
    for folder in mine:
        label = f" {folder or '.'}" if len(mine) > 1 else ""
        for item in (*_module(tree, folder, label, blind), *_exported(tree, folder, modules, blind)):
            _add(items, item, folder)
    return Surface(surface=SURFACE, package=package, items=items, blind=tuple(blind))


def _module(tree: Tree, folder: str, label: str, blind: list[Blind]) -> Iterator[Item]:
    path = inside(folder, "go.mod")
    try:
        text = tree.read(path)
    except RepositoryError as error:
        blind.append(Blind(symbol="module", place=Place(path=path, line=error.line), why=error.message))
        return
    module, version = _MODULE.search(text), _GO.search(text)
    if module is None:
        blind.append(Blind(symbol="module", place=Place(path=path, line=1), why="no module path stands here"))
    else:
        at = Place(path=path, line=text.count("\n", 0, module.start("path")) + 1)
        yield Item(path=f"module{label}", kind=ItemKind.MODULE, place=at, signature=f"module {module['path']}", value=module["path"])
    if version is not None:
        at = Place(path=path, line=text.count("\n", 0, version.start("version")) + 1)
        yield Item(path=f"go{label}", kind=ItemKind.FLOOR, place=at, signature=f"go {version['version']}", value=version["version"])


def _exported(tree: Tree, folder: str, modules: list[str], blind: list[Blind]) -> Iterator[Item]:
    nested = tuple(f"{other}/" for other in modules if other != folder and (not folder or other.startswith(f"{folder}/")))
    for path in tree.paths(inside(folder, "**/*.go")):
        below = path.removeprefix(f"{folder}/") if folder else path
        if path.endswith("_test.go") or path.startswith(nested) or _CLOSED.search(below) or NOT_OURS.search(below) or is_example(below.rpartition("/")[0]):
            continue
        try:
            text = tree.read(path)
        except RepositoryError as error:
            blind.append(Blind(symbol="", place=Place(path=path, line=error.line), why=error.message))
            continue
        if len(text) > LARGEST:
            blind.append(Blind(symbol="", place=Place(path=path), why=f"longer than {LARGEST // 2**20} MiB"))
            continue
        file = GoFile(path=path, source=text)
        if file.name in ("main", "") or file.condition == "ignore":
            continue
        where = below.rpartition("/")[0]
        yield from file.items(where or file.name)
        blind += file.blind


def _add(items: dict[str, Item], item: Item, folder: str) -> None:
    """Add an item; what several platforms define alike stands under no condition."""
    old = items.get(item.path)
    if old is None:
        items[item.path] = item
    elif (old.signature, old.value) == (item.signature, item.value):
        items[item.path] = replace(old, condition=None)
    else:
        path = f"{item.path} [{item.condition or folder}]"
        items.setdefault(path, replace(item, path=path))
