"""Would cargo change this lock? Answered from the lock and the manifests alone.

Cargo resolves the manifests with the lock as a guide, and `--locked` fails when the result says something else than the lock. What the
packages of the repository ask for is known from their manifests, features included; what packages of registries ask for is what the lock
says. Where files do not tell (a manifest outside of the repository, a package that a registry's crate reaches by [patch]), nothing is said.

Source: cargo's src/resolver/encode.rs, `Resolve::eq`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lockstep.locks.cargo_resolve import INDEXES, Resolve, fits
from lockstep.locks.cargo_rewrite import rewritten
from lockstep.locks.crates import CRATES_IO, DEV, Crate, Crates, Dependency, activated
from lockstep.locks.stale import Fault, Judged, Stale, unread
from lockstep.manifest import Manifest, Source
from lockstep.model import Level, Place
from lockstep.text import cargo_lock
from lockstep.text.cargo_lock import CargoLock, Entry, Speller
from lockstep.text.toml import Table

FIX = "lockstep check --fix"
RESOLVE = "cargo update --workspace"
MOST_VERSIONS = 200
"""Of one crate in a lock: each requirement on it is held against all of them."""
DECIDE = "cargo metadata --locked decides it, with the index of the registry"


def judge(
    source: Source,
    lock: CargoLock,
    manifests: Mapping[str, Manifest],
    globbed: Sequence[str],
    *,
    complete: bool = True,
    configured: Mapping[str, Table] | None = None,
) -> Judged:
    """Compare a lock with the workspace in its folder.

    `globbed` are the folders that the globs of `members` name; not `complete` is a workspace with a member that is not there: cargo refuses it,
    and what its lock should hold nobody knows. `configured` is cargo's configuration, by the folder that holds `.cargo`.
    """
    crates = Crates(manifests, configured or {})
    root = source.folder
    if crates.table(root) is None:
        return Judged(path=source.path, text=lock.text)
    settled = cargo_lock.settled(lock)
    if (malformed := tuple(_malformed(source, lock, settled=settled is not None))) or _foreign(crates, root):
        if malformed:
            return Judged(path=source.path, text=lock.text, stale=malformed)
        unclaimed = {(entry.name, entry.version): None for entry in lock.entries if entry.source is None}
        return unread(source, "cargo", _manifest(root), _manifest(crates.root_of(root) or ""), unclaimed)
    return _Comparison(source, Resolve(lock, crates, root, globbed, complete=complete), settled).run()


def _foreign(crates: Crates, root: str) -> bool:
    """Say whether the manifest beside the lock belongs to a workspace elsewhere, whose lock cargo reads in place of this one."""
    above = crates.root_of(root)
    return above is not None and above != root


def _manifest(folder: str) -> str:
    return f"{folder}/Cargo.toml" if folder else "Cargo.toml"


def _malformed(source: Source, lock: CargoLock, *, settled: bool) -> Iterator[Stale]:
    if lock.stated is not None and lock.stated not in (3, cargo_lock.NEWEST):
        yield Stale(
            fault=Fault.MALFORMED,
            level=Level.ERROR,
            place=source.place(max(lock.text.find("version = "), 0)),
            message=f"the lock states format {lock.stated}, but cargo reads 3 and {cargo_lock.NEWEST}, and 1 and 2 where none is stated",
            help="update lockstep if a newer cargo wrote it; else delete the lock and run cargo generate-lockfile",
        )
    if lock.nameless:
        yield Stale(
            fault=Fault.MALFORMED,
            level=Level.ERROR,
            place=source.place(max(lock.text.rfind("[[package]]"), 0)),
            message="an entry has no name or no version: the lock is cut off, or was edited by hand",
            help="restore the lock from git, or delete it and run cargo generate-lockfile",
        )
    versions: dict[str, int] = {}
    for entry in lock.entries:
        versions[entry.name] = versions.get(entry.name, 0) + 1
        if versions[entry.name] > MOST_VERSIONS:
            yield Stale(
                fault=Fault.MALFORMED,
                level=Level.ERROR,
                place=source.place(max(lock.text.find(f'name = "{entry.name}"'), 0)),
                message=f"the lock has more than {MOST_VERSIONS} versions of {entry.name}: which of them a dependency means is not looked at",
                help="cargo tree --duplicates",
                package=entry.name,
            )
            return
    seen: dict[tuple[str, str, str | None], Entry] = {}
    for entry in () if settled else lock.entries:
        first = seen.setdefault((entry.name, entry.version, entry.origin), entry)
        if first is not entry:
            yield Stale(
                fault=Fault.MALFORMED,
                level=Level.ERROR,
                place=source.place(entry.start),
                message=f"{entry.name} {entry.version} stands twice in the lock, first in line {source.at(first.start)[0]}; cargo refuses it",
                help="delete one of the entries: a merge may have kept both",
                package=entry.name,
            )


class _Comparison:
    """One lock against one workspace."""

    def __init__(self, source: Source, resolve: Resolve, settled: Speller | None) -> None:
        self.source, self.resolve, self.lock, self.settled = source, resolve, resolve.lock, settled
        self.stale: list[Stale] = []
        self.removed: set[int] = set()
        self.chosen: dict[int, _Chosen] = {}

    def run(self) -> Judged:
        """Compare, and mend."""
        resolve = self.resolve
        if not self._is_of_another_workspace() and not self._has_twins():
            for folder in resolve.features:
                self._compare(folder)
            self._dangling()
            self._replaced()
            self._orphans()
            self._unused()
        mended = None if any(one.fault is Fault.MALFORMED for one in self.stale) else rewritten(resolve, self.settled, self.removed)
        if mended is not None and not self.stale and not self._has_old_versions():
            self._layout(mended)
        if not any(one.level is Level.ERROR for one in self.stale):
            self._not_provable()
        owners: dict[tuple[str, str], str | None] = {} if resolve.incomplete else {(entry.name, entry.version): None for entry in resolve.unclaimed}
        owners |= {(entry.name, entry.version): folder for folder, entry in resolve.entry_of.items()}
        return Judged(path=self.source.path, text=self.lock.text, stale=tuple(self.stale), mended=mended, owners=owners)

    def _is_of_another_workspace(self) -> bool:
        """Say once that the lock holds nothing of this workspace."""
        if self.resolve.entry_of or not self.resolve.members or not self.lock.entries or self.resolve.broken:
            return False
        held = ", ".join(entry.name for entry in self.resolve.unclaimed[:3])
        self._add(
            Fault.MALFORMED,
            self.lock.entries[0].start,
            f"the lock holds none of the packages of {_manifest(self.resolve.root)}" + (f", but {held}: it is the lock of another workspace" if held else ""),
            "delete it and run cargo generate-lockfile, or restore the right one from git",
        )
        return True

    def _has_twins(self) -> bool:
        """Say that two packages by path cannot be told apart in any lock; source: `check_duplicate_pkgs_in_lockfile`."""
        seen: dict[tuple[str, str], Crate] = {}
        for crate in map(self.resolve.crate, self.resolve.features):
            first = seen.setdefault((crate.name, crate.version), crate)
            if first is not crate and crate.readable:
                what = f"{first.manifest} and {crate.manifest} are both {crate.name} {crate.version}: cargo refuses to write a lock that cannot tell them apart"
                self._add(Fault.MALFORMED, self._offset_of(crate.name), what, "give one of them another name or version", crate.name)
                return True
        return False

    def _has_old_versions(self) -> bool:
        pairs = ((self.resolve.crate(folder), entry) for folder, entry in self.resolve.entry_of.items())
        return any(entry.version != crate.version for crate, entry in pairs if crate.readable)

    def _add(self, fault: Fault, offset: int, message: str, help_: str, package: str | None = None, level: Level = Level.ERROR) -> None:
        if help_ == FIX and not self.lock.exact:
            help_ = RESOLVE  # what cargo did not lay out is not written again
        self.stale.append(Stale(fault=fault, level=level, place=self.source.place(offset), message=message, help=help_, package=package))

    def _compare(self, folder: str) -> None:
        crate = self.resolve.crate(folder)
        entry = self.resolve.entry_of.get(folder)
        if entry is None:
            why = self.resolve.crates.place_of(*self.resolve.required_by[folder]) if folder in self.resolve.required_by else Place(path=crate.manifest)
            by = "needs it" if folder in self.resolve.required_by else "declares it"
            self._add(
                Fault.MISSING,
                self._offset_of(crate.name),
                f"the lock has no entry for {crate.name} {crate.version}; {why} {by}",
                FIX if folder in self.resolve.addable() else RESOLVE,
                crate.name,
            )
            return
        if not crate.readable:
            return
        if entry.version != crate.version and not crate.stated:
            what = f"the lock has {crate.name} {entry.version}, but {crate.manifest} states no version: cargo takes {crate.version}"
            self._add(Fault.REFERENCE, entry.start, what, FIX, crate.name)
        turned_on = activated(crate, self.resolve.features[folder])
        wanted = list(self.resolve.wanted(crate, turned_on))
        may_be = folder in self.resolve.features_unknown
        allowed = [one for one in crate.dependencies if one.kind != DEV or folder in self.resolve.members] if may_be else wanted
        listed = self.resolve.listed_by(entry)
        met: set[int] = set()
        unmet: set[str] = set()
        for dependency in allowed:
            found = [one for one in listed if self.resolve.meets(dependency, one)]
            met.update(map(id, found))
            for one in found:
                if one.source is not None and dependency in wanted:
                    self.chosen.setdefault(id(one), _Chosen(one)).add(dependency, turned_on.get(dependency.alias, ()))
            if not found and dependency in wanted and self._is_known(dependency):
                unmet.add(dependency.name)
                self._unmet(crate, entry, dependency, listed)
        for one in listed:
            if id(one) not in met and one.name not in unmet and not (one.source is None and self.resolve.incomplete):
                self._extra(crate, entry, one)

    def _offset_of(self, name: str) -> int:
        """Give the offset where an entry of this name would stand."""
        last = self.lock.entries[-1].start if self.lock.entries else 0
        return next((entry.start for entry in self.lock.entries if entry.name >= name), last)

    def _is_known(self, dependency: Dependency) -> bool:
        if dependency.outside:
            return False
        if dependency.folder is not None:
            return dependency.folder in self.resolve.entry_of
        if (patch := self.resolve.patch_of(dependency)) is not None:
            return patch.folder in self.resolve.entry_of
        return True

    def _unmet(self, crate: Crate, entry: Entry, dependency: Dependency, listed: Sequence[Entry]) -> None:
        place = self.resolve.crates.place(dependency)
        near = next((one for one in listed if one.name == dependency.name and id(one) not in self.resolve.folder_of), None)
        if near is not None and dependency.folder is None:
            what = f'"{dependency.requirement}"' if not fits(dependency, near.version) else _source_of(dependency)
            self._add(
                Fault.UNSATISFIED,
                entry.start,
                f"{place} asks for {dependency.name} {what}, the lock has {near.version}{_entry_source(near)} for {crate.name}",
                RESOLVE,
                dependency.name,
            )
            return
        self._add(
            Fault.REFERENCE,
            entry.start,
            f"the entry of {crate.name} does not list {dependency.name}, which it needs since {place}",
            FIX if dependency.folder is not None or self.resolve.patch_of(dependency) else RESOLVE,
            crate.name,
        )

    def _extra(self, crate: Crate, entry: Entry, one: Entry) -> None:
        self._add(
            Fault.REFERENCE,
            entry.start,
            f"the entry of {crate.name} lists {one.name} {one.version}, which {crate.manifest} does not ask for",
            FIX if one.source is None else RESOLVE,
            crate.name,
        )

    def _dangling(self) -> None:
        """Name what crates of registries need and the lock no longer holds: a path package by [patch] that went, an entry lost in a merge."""
        if self.resolve.incomplete or not self.resolve.dangling:
            return
        lost = set(self.resolve.dangling)
        for entry in self.lock.entries:
            for one in entry.references if entry.source is not None else ():
                if one in lost:
                    lost.discard(one)
                    message = f"the entry of {entry.name} {entry.version} lists {one}, which the lock does not hold"
                    self._add(Fault.REFERENCE, entry.start, message, RESOLVE, entry.name)

    def _replaced(self) -> None:
        """Hold the entries that the lock replaces against [replace]; source: https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html."""
        wanted = {(dependency.name, dependency.requirement): dependency for dependency in self.resolve.replacements}
        left = set(map(id, self.resolve.unreachable))
        for entry in self.lock.entries if wanted or self.resolve.has_replaced else ():
            if entry.source is None or id(entry) in left:
                continue
            dependency = wanted.get((entry.name, entry.version)) or wanted.get((entry.name, "*"))
            crate = self.resolve.crates.crate(dependency.folder) if dependency is not None and dependency.folder is not None else None
            if (dependency is None) is not (entry.replace is None):
                by = f"{self.resolve.crates.place(dependency)} replaces" if dependency is not None else f"nothing in {_manifest(self.resolve.root)} replaces"
                says = "does not replace" if dependency is not None else "replaces"
                self._add(Fault.REFERENCE, entry.start, f"{by} {entry.name} {entry.version}, but the lock {says} it", RESOLVE, entry.name)
            elif dependency is not None and crate is not None and crate.version != entry.version:
                by = f"{self.resolve.crates.place(dependency)} replaces"
                what = f"{by} {entry.name} {entry.version}, but {crate.manifest} is at {crate.version}: cargo refuses it"
                self._add(Fault.UNSATISFIED, entry.start, what, "give both the same version, then run " + RESOLVE, entry.name)

    def _orphans(self) -> None:
        """Name what the lock holds and nobody asks for: first our own, then the tops of what came from elsewhere."""
        if self.resolve.incomplete:
            return
        for entry in self.resolve.unclaimed:
            refused = self.resolve.is_refused(entry)
            tail = "cargo refuses it under --locked" if refused else "cargo ignores it, and drops it when it next writes the lock"
            self._add(
                Fault.ORPHANED,
                entry.start,
                f"no manifest of this workspace asks for {entry.name} {entry.version}; {tail}",
                FIX,
                entry.name,
                Level.ERROR if refused else Level.WARNING,
            )
        unused = self.resolve.unreachable
        listed = {id(one) for entry in unused for one in self.resolve.listed_by(entry) if one is not entry}
        if len(unused) == sum(entry.source is not None for entry in self.lock.entries):
            self.removed = set(map(id, unused))  # nothing of a registry is used any more: no resolver has a say
        tops = [entry for entry in unused if id(entry) not in listed] or unused[:1]
        for entry in tops:
            more = f", nor for {len(unused) - len(tops)} that only such entries list" if entry is tops[0] and len(unused) > len(tops) else ""
            self._add(Fault.ORPHANED, entry.start, f"nobody asks for {entry.name} {entry.version}{more}", FIX if self.removed else RESOLVE, entry.name)

    def _unused(self) -> None:
        expected = self.resolve.unused_patches()
        if expected is None:
            return
        have = {(entry.name, entry.version): entry for entry in self.lock.unused if entry.source is None}
        want = {(entry.name, entry.version) for entry in expected}
        for name, version in sorted(want - set(have)):
            message = f"nobody uses the patch of {name} {version}, and the lock does not list it as unused"
            self._add(Fault.MISSING, self.lock.tail, message, RESOLVE if self.resolve.may_be_used(name) else FIX, name)
        for (name, version), entry in have.items():
            if (name, version) not in want:
                refused = self.resolve.is_refused(entry)
                message = f"the lock lists a patch of {name} {version} as unused, but there is no such patch"
                self._add(Fault.ORPHANED, entry.start, message, FIX, name, Level.ERROR if refused else Level.WARNING)

    def _not_provable(self) -> None:
        """Say once that which features of a registry's crates need what only the registry tells."""
        chosen = [one for one in self.chosen.values() if one.matters]
        if not chosen:
            return
        first = next((one for one in chosen if not one.default), chosen[0])
        more = f" and {len(chosen) - 1} other crate{'s' if len(chosen) > 2 else ''}" if len(chosen) > 1 else ""
        how = "without default features" if not first.default else "with features"
        message = f"not provable: whether the lock holds what {first.entry.name}{more} need{'' if more else 's'}; "
        message += f"{self.resolve.crates.place(first.dependency)} takes {first.entry.name} {how}, and what a feature needs stands only in the registry"
        self._add(Fault.UNPROVEN, first.entry.start, message, DECIDE, level=Level.NOTE)

    def _layout(self, mended: str) -> None:
        """Say that cargo will write the lock in another way although it says the same."""
        theirs, mine = mended.splitlines(), self.lock.text.splitlines()
        line = next((i for i, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other), min(len(mine), len(theirs)))
        offset = sum(len(one) for one in self.lock.text.splitlines(keepends=True)[:line])
        message = "the lock says the same as the manifests, but cargo writes it another way from here on: order, references or head differ"
        self._add(Fault.LAYOUT, min(offset, max(len(self.lock.text) - 1, 0)), message, FIX, level=Level.WARNING)


class _Chosen:
    """What the manifests choose of the features of one crate from elsewhere; `dependency` is the first that chooses."""

    def __init__(self, entry: Entry) -> None:
        self.entry, self.default, self.features = entry, False, set[str]()
        self.dependency: Dependency

    def add(self, dependency: Dependency, turned_on: Iterable[str]) -> None:
        """Add what one dependency asks for."""
        features = {*dependency.features, *turned_on} - {"default"}
        self.default = self.default or dependency.default
        if not hasattr(self, "dependency") or (features and not self.features):
            self.dependency = dependency
        self.features |= features

    @property
    def matters(self) -> bool:
        """Whether the lock may hold more or less for it: what has no default features and lists nothing has what it needs."""
        return bool(self.features or (not self.default and self.entry.references))


def _source_of(dependency: Dependency) -> str:
    return (
        f"from {dependency.git}"
        if dependency.git is not None
        else "from crates.io"
        if dependency.registry == CRATES_IO
        else f"from the registry {dependency.registry}"
    )


def _entry_source(entry: Entry) -> str:
    return "" if entry.origin in INDEXES else f" (from {entry.origin or 'a path'})"
