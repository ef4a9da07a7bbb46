"""Which modules does a distribution install, and which files are they? Read from the manifest as data, by the rules of each build backend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lockstep.declaration import inside
from lockstep.formats import pyproject
from lockstep.model import Package
from lockstep.tree import Tree

_MODULE = re.compile(r"[^\W\d]\w*(?:\.pyi?)")


@dataclass(frozen=True, slots=True)
class Layout:
    """`modules` are dotted names with the files that may be each, a package before what is in it; `native` are the modules that a build makes."""

    modules: Mapping[str, tuple[str, ...]]
    native: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Root:
    """An import package or module by its dotted name, and the folder or file that it is."""

    name: str
    path: str


def layout(tree: Tree, package: Package) -> Layout:
    """Find the modules of a distribution."""
    found: dict[str, dict[str, None]] = {}
    for root in _roots(tree, package):
        for name, path in _files(tree, root):
            found.setdefault(name, {})[path] = None
    names = sorted(found, key=lambda name: (name.count("."), name))
    return Layout({name: tuple(found[name]) for name in names})


def _roots(tree: Tree, package: Package) -> Iterator[_Root]:
    name = pyproject.normalize(package.name).replace("-", "_")
    for folder in ("src", "python", "", "lib"):
        path = inside(package.root, inside(folder, name))
        if tree.has(f"{path}/__init__.py") or tree.has(f"{path}/__init__.pyi"):
            yield _Root(name, path)
            return
        if tree.has(f"{path}.py"):
            yield _Root(name, f"{path}.py")
            return


def _files(tree: Tree, root: _Root) -> Iterator[tuple[str, str]]:
    if root.path.endswith((".py", ".pyi")):
        yield root.name, root.path
        return
    for path in tree.paths(f"{root.path}/**"):
        if not path.endswith((".py", ".pyi")):
            continue
        parts = path.removeprefix(f"{root.path}/").split("/")
        if all(part.isidentifier() for part in parts[:-1]) and _MODULE.fullmatch(parts[-1]):
            last = parts[-1].partition(".")[0]
            yield ".".join([root.name, *parts[:-1], *([] if last == "__init__" else [last])]), path
