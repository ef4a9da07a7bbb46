"""The crates that one build of a library takes from the repository: roots, names, features and the PyO3 that they link.

Manifests are read as Cargo reads them (`locks/crates`); only those that a path dependency reaches are opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from lockstep.dataclass import dataclass, field
from lockstep.errors import ManifestError, RepositoryError
from lockstep.locks.crates import BUILD, DEV, Crate, Crates, Dependency
from lockstep.manifest import Manifest, Source, inside, join
from lockstep.model import Place
from lockstep.surfaces.rust_source.conditions import Build
from lockstep.text.toml import Document, Table
from lockstep.tree import Tree

NEWEST_PYO3 = (99, 0)
"""Stands for a release of PyO3 that nothing names: it does what the newest one does."""
MOST_CRATES = 400
"""How many path dependencies of one library are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What could not be read: where, and why in words; `cut` where nothing was read from there on."""

    place: Place
    why: str
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A crate's library as one build sees it.

    `name` is how Rust names it, `root` the file that it starts with. `siblings` are the path dependencies by the name that the code uses for them
    (their manifests' folders), `foreign` the crates from elsewhere, each with its real name. `pyo3` is the version that it links, None without one.
    """

    name: str
    package: str
    manifest: str
    folder: str
    root: str
    build: Build
    edition: int = 2015
    procedural: bool = False
    linkable: bool = True
    """Whether Rust code can depend on it: a library of C alone is for others."""
    siblings: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    pyo3: tuple[int, int] | None = None


class _Manifests(Mapping[str, Manifest]):
    """Opens a manifest when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, Manifest | None] = {}
        self.faults: list[Gap] = []

    def _open(self, path: str) -> Manifest | None:
        if path not in self._known:
            self._known[path] = None
            if self._tree.has(path):
                try:
                    text = self._tree.read(path)
                    self._known[path] = Manifest(source=Source(path, text), document=Document(path, text))
                except (ManifestError, RepositoryError) as error:
                    self.faults.append(Gap(place=Place(path=path), why=f"the manifest cannot be read: {error.message}"))
        return self._known[path]

    def __getitem__(self, path: str) -> Manifest:
        manifest = self._open(path)
        if manifest is None:
            raise KeyError(path)
        return manifest

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._tree.paths("**/Cargo.toml") if self._open(path) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


Asked: TypeAlias = tuple[Dependency, frozenset[str]]
"""A dependency, and the features that it is asked for."""


class Opened:
    """The crates of a tree, each read once for all who build with it."""

    def __init__(self, tree: Tree) -> None:
        self.manifests = _Manifests(tree)
        self.crates = Crates(self.manifests, {})
        self._enabled: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
        self._dependencies: dict[tuple[str, frozenset[str], tuple[str, ...]], tuple[Asked, ...]] = {}

    def enabled(self, crate: Crate, wanted: frozenset[str]) -> frozenset[str]:
        """Give the features that `wanted` turn on within their crate."""
        key = (crate.folder, wanted)
        if key not in self._enabled:
            self._enabled[key] = _enabled(crate, wanted)
        return self._enabled[key]

    def dependencies(self, crate: Crate, features: frozenset[str], direct: tuple[str, ...]) -> tuple[Asked, ...]:
        """Give the dependencies that features, and what a command line asks for in `direct`, turn on, and the features that each is asked for."""
        key = (crate.folder, features, direct)
        if key not in self._dependencies:
            self._dependencies[key] = tuple(_dependencies(crate, features, direct))
        return self._dependencies[key]

    def gaps(self, folders: Iterable[str]) -> list[Gap]:
        """Give what could not be read of the manifests of some folders, and of the workspaces that these look for."""
        if not self.manifests.faults:
            return []
        asked: set[str] = set()
        for folder in folders:
            root, above = self.crates.root_of(folder), folder
            asked.add(inside(folder, "Cargo.toml"))
            while above and above != root:
                above = above.rpartition("/")[0]
                asked.add(inside(above, "Cargo.toml"))
        return [fault for fault in self.manifests.faults if fault.place.path in asked]


class Libraries:
    """The library of one manifest, and those of the repository that it is built with, by folder.

    With `choices`, features that are not asked for are the user's choice, neither on nor off. `opened` is what of the tree was read already.
    """

    def __init__(
        self,
        tree: Tree,
        manifest: str,
        *,
        features: Iterable[str] = (),
        default_features: bool = True,
        python: tuple[int, int] = (3, 11),
        choices: bool = False,
        opened: Opened | None = None,
    ) -> None:
        self._tree = tree
        self._opened = opened or Opened(tree)
        self._crates = self._opened.crates
        self._asked: set[str] = set()
        self._cut: list[Gap] = []
        self._python = python
        self.folder = manifest.rpartition("/")[0]
        wanted = frozenset((*features, "default") if default_features else features)
        self._direct = tuple(sorted(one for one in wanted if "/" in one))  # `pyo3/abi3-py39`, as a command line asks for it
        self._features = self._unify(wanted)
        self._chosen: dict[str, frozenset[str]] | None = None
        if choices:
            main = self._crates.crate(self.folder)
            self._chosen, self._features = self._features, self._unify(wanted | frozenset(main.features if main is not None else ()))
        self._locked: tuple[tuple[int, int], ...] | None = None
        self._pyo3_features = {one for folder in self._features for one in self._pyo3_features_of(folder)}
        self._libraries: dict[str, Library | None] = {}

    @property
    def gaps(self) -> list[Gap]:
        """What of the manifests could not be read."""
        return [*self._opened.gaps(self._asked), *self._cut]

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of all libraries that take part."""
        return tuple(self._features)

    def main(self) -> Library | None:
        """Give the library that is built."""
        return self.at(self.folder)

    def at(self, folder: str) -> Library | None:
        """Give the library in a folder, None when it takes no part or has no source here."""
        if folder not in self._libraries:
            self._libraries[folder] = self._read(folder) if folder in self._features else None
        return self._libraries[folder]

    # ---- features

    def _unify(self, wanted: frozenset[str]) -> dict[str, frozenset[str]]:
        """Give the features of every crate that takes part, grown until nothing more is turned on.

        Source: https://doc.rust-lang.org/cargo/reference/features.html#feature-unification
        """
        on: dict[str, frozenset[str]] = {}
        pending: list[tuple[str, frozenset[str]]] = [(self.folder, wanted)]
        while pending and len(on) <= MOST_CRATES:
            folder, asked = pending.pop()
            self._asked.add(folder)
            crate = self._crates.crate(folder)
            if crate is None:
                continue
            known = on.get(folder)
            grown = self._opened.enabled(crate, asked if known is None else known | asked)
            if known == grown:
                continue
            on[folder] = grown
            pending += [(dependency.folder, features) for dependency, features in self._dependencies(crate, grown) if dependency.folder is not None]
        if pending:
            self._cut = [Gap(place=Place(path=inside(self.folder, "Cargo.toml")), why=f"more than {MOST_CRATES} crates take part", cut=True)]
        return on

    def _dependencies(self, crate: Crate, features: frozenset[str]) -> tuple[Asked, ...]:
        return self._opened.dependencies(crate, features, self._direct if crate.folder == self.folder else ())

    # ---- one library

    def _read(self, folder: str) -> Library | None:
        crate, table = self._crates.crate(folder), self._crates.table(folder)
        if crate is None or table is None:
            return None
        lib = _table(table, "lib")
        path = lib.get("path")
        root = join(folder, path) if isinstance(path, str) else inside(folder, "src/lib.rs")
        if root is None or not self._tree.has(root):
            return None
        name = lib.get("name")
        siblings, foreign = {}, {}
        for dependency, _ in self._dependencies(crate, self._features[folder]):
            alias = dependency.alias.replace("-", "_")
            if dependency.folder is not None and self._crates.crate(dependency.folder) is not None:
                siblings[self._alias_of(dependency)] = dependency.folder
            else:
                foreign[alias] = dependency.name.replace("-", "_")
        return Library(
            name=(name if isinstance(name, str) else crate.name).replace("-", "_"),
            package=crate.name,
            manifest=crate.manifest,
            folder=folder,
            root=root,
            build=self._build(folder, table),
            edition=self._edition(folder, table),
            procedural=lib.get("proc-macro") is True or lib.get("proc_macro") is True,
            linkable=linkable(lib.get("crate-type", lib.get("crate_type"))),
            siblings=siblings,
            foreign=foreign,
            pyo3=self._pyo3(crate),
        )

    def _alias_of(self, dependency: Dependency) -> str:
        """Give the name that code uses for a path dependency: its library's, unless the manifest renames it."""
        if dependency.alias == dependency.name and dependency.folder is not None:
            name = _table(self._crates.table(dependency.folder) or {}, "lib").get("name")
            if isinstance(name, str):
                return name
        return dependency.alias.replace("-", "_")

    def _edition(self, folder: str, table: Table) -> int:
        value = _table(table, "package").get("edition")
        if isinstance(value, dict):
            root = self._crates.root_of(folder)
            shared = self._crates.table(root) if root is not None else None
            value = _table(_table(shared or {}, "workspace"), "package").get("edition")
        return int(value) if isinstance(value, str) and value.isdigit() else 2015

    # ---- PyO3 and the build script

    def _pyo3_features_of(self, folder: str) -> set[str]:
        crate = self._crates.crate(folder)
        assert crate is not None
        return {one for dependency, asked in self._dependencies(crate, self._features[folder]) if dependency.name == "pyo3" for one in asked}

    def _build(self, folder: str, table: Table) -> Build:
        """Say what cfg flags are known: those of PyO3's build configuration where the build script asks for them, none without a build script.

        Source: https://pyo3.rs/latest/building-and-distribution/multiple-python-versions.html
        """
        features, choices = self._settled(folder)
        written = _table(table, "package").get("build")
        path = join(folder, written) if isinstance(written, str) else inside(folder, "build.rs")
        if written is False or path is None or not self._tree.has(path):
            return Build(features=features, uncertain=frozenset(), choices=choices)
        try:
            script = self._tree.read(path)
        except RepositoryError:
            return Build(features=features, choices=choices)
        uncertain = _set_by(script)
        if "use_pyo3_cfgs" not in script:
            return Build(features=features, uncertain=uncertain, choices=choices)
        limited = [int(found[1]) for one in self._pyo3_features if (found := re.fullmatch(r"abi3-py3(\d+)", one)) is not None]
        minor = min(limited) if limited else self._python[1]
        flags = {f"Py_3_{number}": number <= minor for number in range(6, 40)}
        flags |= {"Py_LIMITED_API": any(one.startswith("abi3") for one in self._pyo3_features), "PyPy": False, "GraalPy": False, "Py_GIL_DISABLED": False}
        given = frozenset(name for name, is_set in flags.items() if is_set)
        return Build(features=features, given=given, absent=frozenset(flags) - given, uncertain=uncertain, choices=choices)

    def _settled(self, folder: str) -> tuple[frozenset[str], frozenset[str] | None]:
        """Give the features that are on, and those that are the user's choice; None where one build speaks for all."""
        if self._chosen is None:
            return self._features[folder], None
        crate = self._crates.crate(folder)
        on = self._chosen.get(folder, frozenset())
        return on, frozenset(crate.features if crate is not None else ()) - on

    def _pyo3(self, crate: Crate) -> tuple[int, int] | None:
        dependency = next((dependency for dependency, _ in self._dependencies(crate, self._features[crate.folder]) if dependency.name == "pyo3"), None)
        if dependency is None:
            return None
        if dependency.folder is not None and (itself := self._crates.crate(dependency.folder)) is not None:
            return _minor(itself.version) or NEWEST_PYO3
        if self._locked is None:
            self._locked = self._locked_pyo3()
        fitting = [version for version in self._locked if _admits(dependency.requirement, version)]
        return max(fitting) if fitting else _minor(dependency.requirement) or NEWEST_PYO3

    def _locked_pyo3(self) -> tuple[tuple[int, int], ...]:
        """Give the versions that Cargo.lock holds; one that no manifest asks for is left over."""
        root = self._crates.root_of(self.folder)
        for folder in dict.fromkeys((root if root is not None else self.folder, self.folder, "")):
            path = inside(folder, "Cargo.lock")
            if self._tree.has(path):
                try:
                    return _pyo3_in(self._tree.read(path))
                except RepositoryError:
                    return ()
        return ()


@lru_cache(maxsize=4)
def _pyo3_in(lock: str) -> tuple[tuple[int, int], ...]:
    """Give the versions of PyO3 in a lock, which is the same for all crates of a workspace."""
    found = re.findall(r'^name = "pyo3"\r?\nversion = "([^"]+)"', lock, re.MULTILINE)
    return tuple(version for one in found if (version := _minor(one)) is not None)


def linkable(kinds: object) -> bool:
    """Say whether Rust can link a library of these kinds, the `crate-type` of its manifest; without any it can."""
    return not isinstance(kinds, list) or not kinds or bool({"lib", "rlib", "dylib", "proc-macro"} & {one for one in kinds if isinstance(one, str)})


def _admits(requirement: str, version: tuple[int, int]) -> bool:
    """Say whether a requirement may mean a version, by its first two numbers: that much decides what PyO3 does."""
    wanted = _minor(requirement)
    if wanted is None or re.search(r"[<>*]", requirement):
        return wanted is None or version >= wanted
    return version == wanted if not wanted[0] else version[0] == wanted[0]


def _dependencies(crate: Crate, features: frozenset[str], direct: tuple[str, ...]) -> Iterator[Asked]:
    asked: dict[str, set[str]] = {}
    on: set[str] = set()
    for entry in chain(direct, chain.from_iterable(crate.features.get(one, ()) for one in features)):
        alias, slash, inner = entry.partition("/")
        if slash:
            asked.setdefault(alias.removesuffix("?"), set()).add(inner)
        if entry.startswith("dep:") or (slash and not alias.endswith("?")):
            on.add(alias.removeprefix("dep:"))
    for dependency in crate.dependencies:
        if dependency.kind not in (DEV, BUILD) and (not dependency.optional or dependency.alias in on):
            yield dependency, frozenset((*asked.get(dependency.alias, ()), *dependency.features, *(("default",) if dependency.default else ())))


def _enabled(crate: Crate, wanted: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    pending = [one for one in wanted if one in crate.features]
    while pending:
        feature = pending.pop()
        if feature in found:
            continue
        found.add(feature)
        for value in crate.features[feature]:
            name, slash, _ = value.partition("/")
            if name in crate.features and not name.endswith("?") and (not slash or name not in found):
                pending.append(name)
    return frozenset(found)


def _set_by(script: str) -> frozenset[str] | None:
    """Give the cfg flags that a build script may set: the words in it, unless it computes their names; None for any."""
    told = re.sub(r"^.*check-cfg.*$", "", script, flags=re.MULTILINE)
    if re.search(r"rustc-cfg=[^\"\n]*\{|autocfg|cfg_aliases|version_check|rustversion", told):
        return None
    return frozenset(re.findall(r"[A-Za-z_]\w*", told))


def _minor(text: str) -> tuple[int, int] | None:
    """Give the first version of a requirement: major and minor."""
    found = re.search(r"(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2] or 0)) if found else None


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, dict) else {}
