"""The manifests of one distribution, and what is in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.formats.pyproject import normalize
from lockstep.manifest import inside, join
from lockstep.pattern import pattern
from lockstep.project.python_setup import Setup, setup_cfg, setup_py
from lockstep.text.toml import Document, strings
from lockstep.tree import Tree

SOURCES = ("src", "python", "", "lib", "py")
"""Folders that packages lie in where a manifest names none."""

_NOT_PACKAGES = pattern(
    r"(?i)[._].*|ci|bin|build|dist|debian|docs?(?:[-_].*)?|documentation|manpages|news|newsfragments|changelog|(?:unit_?)?tests?(?:_.*)?|testing|conftest"
    r"|examples?|samples?|demos?|scripts?|tools?|util|utils|bench(?:es|marks?|marking)?|exercises?|htmlcov|tasks|fabfile|noxfile|setup|versioneer"
    r"|site_scons|node_modules|venv|env|target|vendor|third_party|notebooks?|fuzz"
)
"""What lies in the root of many repositories and is installed by none; source: setuptools' FlatLayoutPackageFinder and FlatLayoutModuleFinder."""


@dataclass(frozen=True, slots=True)
class Root:
    """An import package or module by its dotted name, and the folder or file that it is; the name is "" for a folder of packages."""

    name: str
    path: str


class PythonProject:
    """One distribution as its build backend sees it; `document` is its pyproject.toml where that is read already."""

    def __init__(self, tree: Tree, folder: str, name: str, document: Document | None = None) -> None:
        self.tree = tree
        self.folder = folder
        self.name = name
        self.document = document or self._document(inside(folder, "pyproject.toml"))
        self.backend = self.document.string("build-system", "build-backend") or ""

    def _document(self, path: str) -> Document:
        if self.tree.has(path):
            try:
                return Document(path, self.tree.read(path))
            except LockstepError:
                pass  # discovery has said so
        return Document(path, "")

    @cached_property
    def setup(self) -> Setup:
        """What setup.py and setup.cfg say, setup.py first."""
        found = Setup()
        for name, read in (("setup.cfg", setup_cfg), ("setup.py", setup_py)):
            path = inside(self.folder, name)
            if self.tree.has(path):
                try:
                    found = found.under(read(self.tree.read(path)))
                except LockstepError:
                    continue
        return found

    def ships(self, package: str) -> bool:
        """Say whether setuptools takes a package that it finds: the patterns of a manifest are for its full name.

        Source: https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#custom-discovery
        """
        table = self.document.table("tool", "setuptools", "packages")
        find = self.document.table("tool", "setuptools", "packages", "find")
        listed = strings(self.document.table("tool", "setuptools").get("packages"))
        if listed or (self.backend and not self.backend.startswith("setuptools")):
            return True
        include, exclude = (strings(find.get("include")), strings(find.get("exclude"))) if "find" in table else (self.setup.include, self.setup.exclude)
        top, dot, rest = package.partition(".")
        names = (package, f"{top}-stubs{dot}{rest}")
        taken = not include or any(fnmatchcase(name, one) for one in include for name in names)
        return taken and not any(fnmatchcase(package, one) for one in exclude)

    @property
    def builds(self) -> bool:
        """Say whether a manifest tells how to build it."""
        if self.document.table("tool", "maturin").get("bindings") == "bin":
            return False
        return bool(self.document.table("build-system")) or self.tree.has(inside(self.folder, "setup.py"))

    @property
    def module(self) -> str:
        """Give the name that the import package has unless a manifest says another."""
        return normalize(self.name).replace("-", "_")

    @property
    def crate(self) -> str | None:
        """Give the Cargo.toml that maturin builds."""
        path = self.document.table("tool", "maturin").get("manifest-path", "Cargo.toml")
        return self.path(path) if isinstance(path, str) else None

    @cached_property
    def library(self) -> str | None:
        """Give the name of the library that maturin builds."""
        if self.crate is None:
            return None
        document = self._document(self.crate)
        name = document.string("lib", "name") or document.string("package", "name")
        return name.replace("-", "_") if name else None

    def path(self, *parts: str) -> str | None:
        """Give the path of something in the folder; None when it leads out of the repository."""
        found: str | None = self.folder
        for part in parts:
            found = join(found, part) if found is not None else None
        return found

    def is_folder(self, path: str) -> bool:
        """Say whether a folder holds Python modules, its own or in folders below."""
        return any(self.tree.has(f"{path}/__init__.{end}") for end in ("py", "pyi")) or any(
            one.endswith((".py", ".pyi")) for one in self.tree.paths(f"{path}/**" if path else "**")
        )

    def at(self, name: str, *folders: str) -> Iterator[Root]:
        """Give the package or module of a dotted name in the first of the folders that has it, and the stubs beside it."""
        for folder in folders:
            path = self.path(folder, name.replace(".", "/"))
            if path is None:
                continue
            found = [Root(name, path)] if path and self.is_folder(path) else []
            found += [Root(name, f"{path}.{end}") for end in ("py", "pyi") if self.tree.has(f"{path}.{end}")]
            stubs = self.path(folder, f"{name.partition('.')[0]}-stubs")
            if stubs and self.is_folder(stubs):
                found.append(Root(name.partition(".")[0], stubs))
            if found:
                yield from found
                return

    def all_in(self, folder: str, *, namespaces: bool = True, guess: bool = False) -> Iterator[Root]:
        """Give all packages and modules of a folder; a guess leaves out what is rarely installed."""
        path = self.path(folder)
        if path is None:
            return
        prefix = f"{path}/" if path else ""
        names: dict[str, None] = {}
        for file in self.tree.paths(f"{prefix}**"):
            if file.endswith((".py", ".pyi")):
                names[file[len(prefix) :].partition("/")[0]] = None
        for name in names:
            bare = re.sub(r"\.pyi?$", "", name).removesuffix("-stubs")
            if not bare.isidentifier() or (guess and _NOT_PACKAGES.fullmatch(bare)):
                continue
            here = f"{prefix}{name}"
            if name.endswith((".py", ".pyi")):
                if guess:
                    yield Root(bare, here)
            elif namespaces or any(self.tree.has(f"{here}/__init__.{end}") for end in ("py", "pyi")):
                yield Root(bare, here)
