"""What Cargo manifests declare, read as Cargo reads them: crates, their dependencies of every kind, members, patches.

Sources: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html, .../workspaces.html, .../features.html;
cargo's src/workspace/workspace.rs (`find_path_deps`, `is_excluded`) and src/resolver/dep_cache.rs (which optional dependencies count).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lockstep.dataclass import dataclass, field, replace
from lockstep.manifest import Manifest, inside, join
from lockstep.model import Place
from lockstep.text.cargo_lock import version_of
from lockstep.text.toml import Key, Table, strings

NORMAL, DEV, BUILD = "dependencies", "dev-dependencies", "build-dependencies"
CRATES_IO = "crates-io"
KINDS = {NORMAL: NORMAL, DEV: DEV, BUILD: BUILD, "dev_dependencies": DEV, "build_dependencies": BUILD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One dependency: `folder` for a path (`outside` when that leads out of the repository), `git`, or a registry.

    `origin` is the manifest that declares it, `key` where it does.
    """

    alias: str
    name: str
    requirement: str = "*"
    kind: str = NORMAL
    folder: str | None = None
    outside: bool = False
    git: str | None = None
    revision: tuple[str, str] | None = None
    registry: str = CRATES_IO
    optional: bool = False
    default: bool = True
    features: tuple[str, ...] = ()
    origin: str = ""
    key: Key = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A package as its manifest states it, with what it inherits; `readable` is False where a part of it cannot be known.

    The version of one that states none is what Cargo takes.
    """

    manifest: str
    folder: str
    name: str
    version: str
    dependencies: tuple[Dependency, ...]
    features: Mapping[str, tuple[str, ...]] = field(repr=False)
    readable: bool = True
    stated: bool = True


class Crates:
    """Reads crates from parsed manifests, each once."""

    def __init__(self, manifests: Mapping[str, Manifest], configured: Mapping[str, Table]) -> None:
        self._manifests = manifests
        self._configured = configured
        self._crates: dict[str, Crate | None] = {}
        self._named: dict[str, tuple[list[str | None], ...]] = {}

    def table(self, folder: str) -> Table | None:
        """Give the parsed manifest in a folder."""
        manifest = self._manifests.get(inside(folder, "Cargo.toml"))
        return manifest.document.data if manifest is not None and manifest.document is not None else None

    def place(self, dependency: Dependency) -> Place:
        """Say where a dependency stands."""
        return self.place_of(dependency.origin, dependency.key)

    def place_of(self, path: str, key: Key) -> Place:
        """Say where a key of a manifest stands."""
        manifest = self._manifests[path]
        assert manifest.document is not None
        span = manifest.document.span(*key)
        return manifest.source.place(span.key if span else 0)

    def crate(self, folder: str) -> Crate | None:
        """Give the package in a folder, None when none is tracked there."""
        if folder not in self._crates:
            table = self.table(folder)
            self._crates[folder] = None if table is None else self._read(folder, table)
        return self._crates[folder]

    def root_of(self, folder: str) -> str | None:
        """Give the folder of the workspace that a package belongs to, its own when it is one."""
        table = self.table(folder)
        if table is None or isinstance(table.get("workspace"), dict):
            return folder
        pointed = _table(table, "package").get("workspace")
        if isinstance(pointed, str):
            return join(folder, pointed)
        above = folder
        while above:
            above = above.rpartition("/")[0]
            outer = self.table(above)
            if outer is not None and isinstance(outer.get("workspace"), dict):
                return None if self._excluded(above, folder) else above
        return None

    def _excluded(self, root: str, folder: str) -> bool:
        """Say whether a workspace leaves a folder out: `exclude` names it, and no entry of `members` does literally."""
        if root not in self._named:
            workspace = _table(self.table(root) or {}, "workspace")
            self._named[root] = tuple([join(root, one) for one in strings(workspace.get(key))] for key in ("members", "exclude"))
        members, excluded = self._named[root]
        return any(_below(folder, one) for one in excluded) and not any(_below(folder, one) for one in members)

    def members(self, root: str, named: Sequence[str]) -> tuple[str, ...]:
        """Give the folders of a workspace's members: those that its globs name, itself, and path dependencies of these below its root."""
        if not isinstance((self.table(root) or {}).get("workspace"), dict):
            return (root,) if self.crate(root) is not None else ()
        found: dict[str, None] = {}
        for start in (*named, root):
            pending = [(start, False)]
            while pending:
                folder, by_path = pending.pop()
                if folder in found or (by_path and not _below(folder, root) and self.root_of(folder) != root) or self._excluded(root, folder):
                    continue
                crate = self.crate(folder)
                if crate is None:
                    continue
                found[folder] = None
                pending += [(dependency.folder, True) for dependency in reversed(crate.dependencies) if dependency.folder is not None]
        return tuple(found)

    def _read(self, folder: str, table: Table) -> Crate | None:
        head = "package" if "package" in table else "project"
        package = _table(table, head)
        name, version = package.get("name"), package.get("version", "0.0.0")
        if not isinstance(name, str):
            return None
        root = self.root_of(folder)
        shared = _table(self.table(root) or {}, "workspace") if root is not None else {}
        if isinstance(version, dict):
            version = _table(shared, "package").get("version")
        readable = isinstance(version, str) and version_of(version) is not None
        dependencies = []
        for dependency in self._dependencies(folder, table, root, _table(shared, "dependencies")):
            if dependency is None:
                readable = False
            else:
                dependencies.append(dependency)
        return Crate(
            manifest=inside(folder, "Cargo.toml"),
            folder=folder,
            name=name,
            version=version if isinstance(version, str) else "",
            dependencies=tuple(dependencies),
            features=_features(_table(table, "features"), dependencies),
            readable=readable,
            stated="version" in package,
        )

    def _dependencies(self, folder: str, table: Table, root: str | None, shared: Table) -> Iterator[Dependency | None]:
        """Give every dependency; None for one that inherits what cannot be seen."""
        bodies: list[tuple[Key, Table]] = [((), table)]
        bodies += [(("target", target), body) for target, body in _table(table, "target").items() if isinstance(body, dict)]
        for prefix, body in bodies:
            for written, kind in KINDS.items():
                for alias, value in _table(body, written).items():
                    key = (*prefix, written, alias)
                    if isinstance(value, dict) and value.get("workspace") is True:
                        base = shared.get(alias)
                        yield None if base is None or root is None else inherited(_dependency(folder, root, alias, base, kind, key), value, base)
                    else:
                        yield _dependency(folder, folder, alias, value, kind, key)

    def patches(self, root: str) -> Iterator[tuple[str, Dependency]]:
        """Give (source, dependency) of every entry of [patch].

        A [patch] of the configuration, the nearest first, stands in front of the manifest's; source: `Workspace::root_patch`.
        """
        seen: set[tuple[str, str]] = set()
        for base, table in (*self._configured.items(), (root, self.table(root) or {})):
            for source, body in _table(table, "patch").items():
                for alias, value in body.items() if isinstance(body, dict) else ():
                    if isinstance(value, dict) and (source, alias) not in seen:
                        seen.add((source, alias))
                        yield source, _dependency(base, base, alias, value, NORMAL, ("patch", source, alias))

    def replacements(self, root: str) -> Iterator[Dependency]:
        """Give every entry of [replace]; its requirement is the version that it replaces, "*" for any.

        A key is a package id specification, `name:1.0.0` or `url#name@1.0.0`.
        """
        for spec, value in _table(self.table(root) or {}, "replace").items():
            if isinstance(value, dict):
                name, _, version = spec.rpartition("#")[2].replace("@", ":").partition(":")
                yield replace(_dependency(root, root, name, value, NORMAL, ("replace", spec)), requirement=version or "*")


def _dependency(folder: str, base: str, alias: str, value: object, kind: str, key: Key) -> Dependency:
    """Read one dependency of the manifest in `folder`; paths in it start at `base`."""
    table: Table = value if isinstance(value, dict) else {}
    requirement = value if isinstance(value, str) else table.get("version")
    path, git, package = table.get("path"), table.get("git"), table.get("package")
    target = join(base, path) if isinstance(path, str) else None
    registry = table.get("registry") or table.get("registry-index")
    return Dependency(
        alias=alias,
        name=package if isinstance(package, str) else alias,
        requirement=requirement if isinstance(requirement, str) else "*",
        kind=kind,
        folder=target,
        outside=isinstance(path, str) and target is None,
        git=git.strip() if isinstance(git, str) else None,  # a URL has no blanks around it: cargo reads it as browsers do
        revision=next(((one, str(table[one])) for one in ("branch", "tag", "rev") if one in table), None),
        registry=registry if isinstance(registry, str) else CRATES_IO,
        optional=table.get("optional") is True,
        default=table.get("default-features", table.get("default_features", True)) is not False,
        features=strings(table.get("features")),
        origin=inside(folder, "Cargo.toml"),
        key=key,
    )


def inherited(dependency: Dependency, own: Table, base: object) -> Dependency:
    """Add what a member says to what it inherits.

    Source: https://doc.rust-lang.org/cargo/reference/workspaces.html#the-dependencies-table; a member can turn default features on,
    never off.
    """
    off = isinstance(base, dict) and base.get("default-features", base.get("default_features")) is False
    return replace(
        dependency,
        optional=own.get("optional") is True,
        default=not off or own.get("default-features") is True,
        features=(*dependency.features, *strings(own.get("features"))),
    )


def _features(table: Table, dependencies: Sequence[Dependency]) -> dict[str, tuple[str, ...]]:
    """Give the features, with the one that each optional dependency implies unless some feature says `dep:`; source: `build_feature_map`."""
    found = {name: strings(values) for name, values in table.items()}
    explicit = {value[4:] for values in found.values() for value in values if value.startswith("dep:")}
    for dependency in dependencies:
        if dependency.optional and dependency.alias not in found and dependency.alias not in explicit:
            found[dependency.alias] = (f"dep:{dependency.alias}",)
    return found


def activated(crate: Crate, wanted: set[str]) -> dict[str, set[str]]:
    """Give the optional dependencies, and the features of dependencies, that features turn on, by alias; source: `build_requirements`."""
    optional = {dependency.alias for dependency in crate.dependencies if dependency.optional}
    done: set[str] = set()
    pending = list(wanted)
    dependencies: dict[str, set[str]] = {}
    while pending:
        feature = pending.pop()
        if feature in done:
            continue
        done.add(feature)
        for value in crate.features.get(feature, ()):
            name, slash, inner = value.partition("/")
            if slash:
                weak = name.endswith("?")
                name = name.removesuffix("?")
                if not weak and name in optional and name in crate.features:
                    pending.append(name)
                dependencies.setdefault(name, set()).add(inner)
            elif value.startswith("dep:"):
                dependencies.setdefault(value[4:], set())
            else:
                pending.append(value)
    return dependencies


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _below(folder: str, above: str | None) -> bool:
    return above is not None and (not above or folder == above or folder.startswith(above + "/"))
