"""What cargo resolves from the manifests of a workspace, with the lock as a guide: path packages, their features, and the entry of each.

Sources: cargo's src/ops/resolve.rs, src/resolver/encode.rs (`into_resolve`: an entry without a source whose name no path dependency has is
ignored, a reference that names no entry too), src/resolver/resolve.rs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lockstep.errors import VersionError
from lockstep.locks.crates import CRATES_IO, DEV, Crate, Crates, Dependency, activated
from lockstep.text import cargo_lock
from lockstep.text.cargo_lock import CargoLock, Entry, Index
from lockstep.text.toml import Key
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling

INDEXES = ("registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/")
"""The two sources of crates.io."""


class Resolve:
    """One workspace and its lock; `complete` says that no member is missing.

    `members` are the folders of members. `features` are those with which each path package is built, by its folder; `features_unknown` are the
    packages that only crates of registries reach. `required_by` is the manifest and the key that first asks for a package. `path_packages`
    are all that some manifest names, by name and version. `entry_of` and `folder_of` pair packages with entries; `unclaimed` are the entries
    without a source that are nobody's, `unreachable` those of registries that nobody reaches, `dangling` the references that name no entry.
    `incomplete` says that files outside of the repository take part, `broken` that cargo cannot resolve at all.
    """

    def __init__(self, lock: CargoLock, crates: Crates, root: str, globbed: Sequence[str], *, complete: bool) -> None:
        self.lock, self.crates, self.root = lock, crates, root
        self.members = dict.fromkeys(crates.members(root, globbed))
        self.patches = list(crates.patches(root))
        self.replacements = list(crates.replacements(root))
        self.referenced = Index(lock.entries).resolve(lock.references)
        self.has_replaced = any(entry.replace for entry in lock.entries)
        self.incomplete = self.broken = not complete
        self.path_packages: dict[str, dict[str, str]] = {}
        self.features: dict[str, set[str]] = {}
        self.features_unknown: set[str] = set()
        self.required_by: dict[str, tuple[str, Key]] = {}
        self.entry_of: dict[str, Entry] = {}
        self.folder_of: dict[int, str] = {}
        self.unclaimed: list[Entry] = []
        self.unreachable: list[Entry] = []
        self.dangling: set[str] = set()
        self._find_path_packages()
        if not self.incomplete and any(entry.source is None and not self.is_refused(entry) for entry in lock.entries):
            # an entry without a source that can be no path package is not there for cargo
            there = Index(entry for entry in lock.entries if entry.source is not None or self.is_refused(entry))
            self.referenced = there.resolve(lock.references)
        for folder in self.members:
            self._activate(folder, None, set())
        self._pair()
        self._walk()

    # ---- what the manifests ask for

    def _find_path_packages(self) -> None:
        """Learn every path package that some manifest names, whether it is locked or not; source: `build_path_deps`."""
        overrides = [*(dependency for _, dependency in self.patches), *self.replacements]
        overriding = [dependency.folder for dependency in overrides if dependency.folder is not None]
        self.incomplete = self.broken or any(dependency.outside for dependency in overrides)
        pending = [*self.members, *overriding]
        seen: set[str] = set()
        while pending:
            folder = pending.pop()
            if folder in seen:
                continue
            seen.add(folder)
            crate = self.crates.crate(folder)
            if crate is None:
                self.incomplete = self.broken = True
                continue
            self.incomplete = self.incomplete or not crate.readable or any(dependency.outside for dependency in crate.dependencies)
            self.path_packages.setdefault(crate.name, {})[crate.version] = folder
            pending += [dependency.folder for dependency in crate.dependencies if dependency.folder is not None]

    def _activate(self, folder: str, dependency: Dependency | None, wanted: set[str]) -> None:
        """Follow what a path package asks for with these features; a member has all of its own and its dev-dependencies."""
        pending = [(folder, dependency, wanted)]
        while pending:
            folder, dependency, wanted = pending.pop()
            crate = self.crates.crate(folder)
            if crate is None:
                continue
            if dependency is not None:
                self.required_by.setdefault(folder, (dependency.origin, dependency.key))
            have = self.features.get(folder)
            if folder in self.members:
                if have is not None:
                    continue
                wanted = set(crate.features)
            elif have is not None and wanted <= have:
                continue
            features = self.features[folder] = (have or set()) | wanted
            turned_on = activated(crate, features)
            for one in self.wanted(crate, turned_on):
                target = one.folder
                if target is None and (patch := self.patch_of(one)) is not None:
                    target = patch.folder
                if target is not None:
                    inner = {*one.features, *turned_on.get(one.alias, ()), *(["default"] if one.default else [])}
                    pending.append((target, one, inner))

    def wanted(self, crate: Crate, turned_on: Mapping[str, object]) -> Iterator[Dependency]:
        """Give the dependencies of a package that count: those that are not optional, or turned on; those for development of members alone."""
        member = crate.folder in self.members
        for dependency in crate.dependencies:
            if (dependency.kind != DEV or member) and (not dependency.optional or dependency.alias in turned_on):
                yield dependency

    def dependencies_of(self, folder: str) -> list[Dependency]:
        """Give the dependencies of a path package that count with its features."""
        crate = self.crate(folder)
        return list(self.wanted(crate, activated(crate, self.features[folder])))

    def crate(self, folder: str) -> Crate:
        """Give the path package in a folder that is known to hold one."""
        crate = self.crates.crate(folder)
        assert crate is not None
        return crate

    # ---- patches

    def patch_of(self, dependency: Dependency) -> Dependency | None:
        """Give the patch by path that takes the place of a dependency, when its package satisfies the requirement."""
        for source, patch in self.patches:
            crate = self.crates.crate(patch.folder) if patch.folder is not None else None
            if crate is not None and crate.name == dependency.name and _patches(source, dependency) and fits(dependency, crate.version):
                return None if self._stays_unused(crate, dependency) else patch
        return None

    def _stays_unused(self, crate: Crate, dependency: Dependency) -> bool:
        """Say whether the lock knows of a patch that nobody uses, and has what the dependency was given in its place: cargo keeps to that.

        Source: cargo's src/ops/resolve.rs, `resolve_with_previous`: only a patch that the lock does not know unlocks what it patches.
        """
        if not any((one.name, one.version, one.source) == (crate.name, crate.version, None) for one in self.lock.unused):
            return False
        return any(
            entry.name == dependency.name and fits(dependency, entry.version) and comes_from(dependency, entry, self.lock.format)
            for entry in self.lock.entries
            if entry.source is not None
        )

    def target(self, dependency: Dependency) -> str | None:
        """Give the folder of the path package that a dependency resolves to, None for one of a registry."""
        if dependency.folder is not None or dependency.outside:
            return dependency.folder
        patch = self.patch_of(dependency)
        return patch.folder if patch is not None else None

    def unused_patches(self) -> list[Entry] | None:
        """Give the entries of [[patch.unused]] as they should be; None where that cannot be known."""
        expected = []
        for _, patch in self.patches:
            if patch.folder is None or patch.outside:
                return None
            crate = self.crates.crate(patch.folder)
            if crate is None:
                return None
            if patch.folder not in self.features:
                expected.append(Entry(crate.name, crate.version, None, None, (), None))
        return expected

    def may_be_used(self, name: str) -> bool:
        """Say whether a crate of a registry may use a patch that is new to the lock: what it asks for, the lock does not tell."""
        return any(entry.name == name and entry.source is not None for entry in self.lock.entries)

    # ---- which entry is which package

    def _pair(self) -> None:
        """Give each active package its entry: at its version, else at the version that is left of its name."""
        free: dict[str, list[Entry]] = {}
        for entry in self.lock.entries:
            if entry.source is None:
                free.setdefault(entry.name, []).append(entry)
        self._claim(free, list(self.features))
        self.unclaimed = [entry for entries in free.values() for entry in entries]

    def _claim(self, free: dict[str, list[Entry]], folders: Sequence[str]) -> None:
        late = []
        for folder in folders:
            crate = self.crates.crate(folder)
            assert crate is not None
            same = [entry for entry in free.get(crate.name, ()) if entry.version == crate.version]
            if same:
                self._assign(folder, same[0], free)
            else:
                late.append((folder, crate))
        for folder, crate in late:
            if left := free.get(crate.name):
                self._assign(folder, left[0], free)

    def _assign(self, folder: str, entry: Entry, free: dict[str, list[Entry]]) -> None:
        free[entry.name].remove(entry)
        self.entry_of[folder] = entry
        self.folder_of[id(entry)] = folder

    def listed_by(self, entry: Entry) -> list[Entry]:
        """Give the entries that an entry lists, and the one that replaces it."""
        found = map(self.referenced.get, (*entry.references, *([entry.replace] if entry.replace else [])))
        return [one for one in found if one is not None]

    def _walk(self) -> None:
        """Walk the lock from our entries; a path package that only others reach becomes one of ours with features unknown.

        Step by step over whole sets of references: the entries of registries are thousands.
        """
        reached: set[int] = set()
        walked: set[str] = set()
        ours, others = list(self.entry_of.values()), list[Entry]()
        while ours or others:
            reached.update(map(id, ours), map(id, others))
            asked = set[str]().union(*[entry.references for entry in others])
            if self.has_replaced:
                asked.update(entry.replace for entry in others if entry.replace)
            asked -= walked
            walked |= asked
            found = [one for one in map(self.referenced.get, asked) if one is not None]
            # What our own entry lists of ours, and no manifest asks for, is not reached by it.
            found += [one for entry in ours for one in self.listed_by(entry) if one.source is not None or id(one) in self.folder_of]
            ours, others = [], []
            for one in found:
                if one.source is None:
                    if id(one) not in self.folder_of:
                        self._adopt(one)
                    if id(one) not in reached:
                        (ours if id(one) in self.folder_of else others).append(one)
                elif id(one) not in reached:
                    others.append(one)
        from_registries = {text for text, one in self.referenced.items() if one is not None and one.source is not None}
        self.dangling = {text for text in walked - from_registries if self._is_dangling(text)}
        # A crate of a registry may ask for one of ours in ways that the lock alone does not tell.
        self.unclaimed = [entry for entry in self.unclaimed if id(entry) not in self.folder_of]
        self.unreachable = [entry for entry in self.lock.entries if entry.source is not None and id(entry) not in reached]

    def _is_dangling(self, reference: str) -> bool:
        entry = self.referenced.get(reference)
        return entry is None or (entry.source is None and id(entry) not in self.folder_of)

    def _adopt(self, entry: Entry) -> None:
        """Take an entry that only others reach for one of ours."""
        folders = self.path_packages.get(entry.name, {})
        folder = folders.get(entry.version) or (next(iter(folders.values())) if len(folders) == 1 else None)
        if folder is not None and folder not in self.features:
            self.features[folder] = set()
            self.features_unknown.add(folder)
            self.entry_of[folder] = entry
            self.folder_of[id(entry)] = folder

    def meets(self, dependency: Dependency, entry: Entry) -> bool:
        """Say whether an entry is what a dependency resolves to."""
        if dependency.folder is not None:
            return self.folder_of.get(id(entry)) == dependency.folder
        if dependency.outside:
            return entry.source is None and entry.name == dependency.name
        if entry.name != dependency.name:
            return False
        if (patch := self.patch_of(dependency)) is not None:
            # The requirement on a patched crate is held against its manifest, where its version stands.
            return self.folder_of.get(id(entry)) == patch.folder
        if id(entry) in self.folder_of:
            return False
        if not fits(dependency, entry.version):
            return False
        if comes_from(dependency, entry, self.lock.format):
            return True
        return any(patch.folder is None and patch.name == entry.name and _patches(source, dependency) for source, patch in self.patches)

    def is_refused(self, entry: Entry) -> bool:
        """Say whether cargo sees a leftover entry at all: only if it can be one of the path packages; source: `get_source_id`."""
        versions = self.path_packages.get(entry.name, {})
        return len(versions) == 1 or entry.version in versions

    def addable(self) -> set[str]:
        """Give the packages without an entry whose entry can be written without a resolver: all that they need lies in the repository."""
        missing = {folder for folder in self.features if folder not in self.entry_of and folder not in self.features_unknown and self.crate(folder).readable}
        while True:
            refused = {
                folder
                for folder in missing
                if not all(self.target(dependency) in (missing | set(self.entry_of)) for dependency in self.dependencies_of(folder))
            }
            if not refused:
                return missing
            missing -= refused


# ---- does an entry fit a dependency?


def fits(dependency: Dependency, version: str) -> bool:
    """Say whether a version satisfies a requirement; what neither can be read as is let pass."""
    if dependency.requirement == "*" and dependency.git is not None:
        return True
    found = cargo_lock.version_of(version)
    try:
        return found is None or satisfies(dependency.requirement, Spelling.CARGO_REQUIREMENT, found)
    except VersionError:
        return True


def _patches(source: str, dependency: Dependency) -> bool:
    """Say whether a table of [patch] is about the source of a dependency."""
    if dependency.git is not None:
        return _canonical(source) == _canonical(dependency.git)
    return source == dependency.registry or (source.startswith("http") and "crates.io-index" in source and dependency.registry == CRATES_IO)


def comes_from(dependency: Dependency, entry: Entry, version: int) -> bool:
    """Say whether an entry has the source that a dependency names, in a lock of this format."""
    if entry.origin is None:
        return False
    kind, _, url = entry.origin.partition("+")
    if dependency.git is None:
        return kind in ("registry", "sparse") and (entry.origin in INDEXES) == (dependency.registry == CRATES_IO)
    if kind != "git":
        return False
    address, _, query = url.partition("?")
    wanted = "&".join("=".join(one) for one in ([dependency.revision] if dependency.revision else []))
    given = _unquote(query) if version >= cargo_lock.NEWEST else query
    same = given == wanted or (version <= 2 and {given, wanted} <= {"", "branch=master"})
    return same and _canonical(address) == _canonical(dependency.git)


def _unquote(query: str) -> str:
    """Undo the encoding that format 4 brought; source: `SourceId::as_encoded_url`."""
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), query.replace("+", " ").encode())
    return raw.decode(errors="replace")


def _canonical(url: str) -> str:
    """Give a git address as cargo compares it; source: src/util/canonical_url.rs."""
    url = url.rstrip("/").partition("?")[0]
    if re.match(r"[a-z+]+://(?:[^/@]*@)?github\.com/", url, re.IGNORECASE):
        url = url.lower()
    return url.removesuffix(".git")
