"""Which modules does a distribution install, and which files are they? Read from its manifests as data, by the rules of its build backend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lockstep.dataclass import dataclass
from lockstep.model import Package
from lockstep.pattern import pattern
from lockstep.project.python_backends import roots
from lockstep.project.python_project import PythonProject, Root
from lockstep.surfaces.python.extensions import Extension, extensions
from lockstep.surfaces.python.symbol_table import VENDORED
from lockstep.tree import Tree

_MODULE = pattern(r"([^\W\d]\w*)(?:\.[\w-]+)?(?:\.pyi?)")
"""A module's file; what an extension is compiled for may stand in the name of a stub."""
_STUBS = "-stubs"
_NOT_FOR_USERS = pattern(r"\.(?:tests|conftest|test_[^.]*|[^.]*_test|__main__)(?:\.|$)")
"""Modules that nobody is meant to import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`modules` are dotted names with the files that may be each, a package before what is in it; `extensions` are what a build adds."""

    modules: Mapping[str, tuple[str, ...]]
    extensions: tuple[Extension, ...]
    builds: bool
    """Whether the manifest says how to build it, so that there must be modules."""


def layout(tree: Tree, package: Package, others: Iterable[str] = ()) -> Layout:
    """Find the modules of a distribution; `others` are the folders of the other distributions, whose files are not its own."""
    project = PythonProject(tree, package.root, package.name)
    inner = tuple(f"{other}/" for other in others if other != package.root and (not package.root or other.startswith(f"{package.root}/")))
    found: dict[str, dict[str, None]] = {}
    for root in roots(project):
        for name, path in _files(tree, root):
            if _NOT_FOR_USERS.search(name) or VENDORED.search(name):
                continue
            folder = name if path.rpartition("/")[2].startswith("__init__.") else name.rpartition(".")[0]
            if folder and not project.ships(folder):
                continue
            if not any(path.startswith(other) and not root.path.startswith(other) for other in inner):
                found.setdefault(name, {})[path] = None
    names = sorted(found, key=lambda name: (name.count("."), name))
    modules = {name: tuple(found[name]) for name in names}
    return Layout(modules=modules, extensions=tuple(extensions(project, modules)), builds=project.builds)


def _files(tree: Tree, root: Root) -> Iterable[tuple[str, str]]:
    if root.path.endswith((".py", ".pyi")):
        yield root.name, root.path
        return
    for path in tree.paths(f"{root.path}/**" if root.path else "**"):
        if not path.endswith((".py", ".pyi")):
            continue
        *folders, file = (path[len(root.path) + 1 :] if root.path else path).split("/")
        found = _MODULE.fullmatch(file)
        if folders and not root.name and folders[0].endswith(_STUBS):
            folders[0] = folders[0].removesuffix(_STUBS)
        if found and all(folder.isidentifier() for folder in folders):
            parts = [*([root.name] if root.name else []), *folders, *([] if found[1] == "__init__" else [found[1]])]
            if parts:
                yield ".".join(parts), path
