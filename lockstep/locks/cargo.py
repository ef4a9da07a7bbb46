"""Would cargo change this lock? Answered from the lock and the manifests alone.

Cargo resolves the manifests with the lock as a guide, and `--locked` fails when the result says something else than the lock. What the
packages of the repository ask for is known from their manifests, features included; what packages of registries ask for is what the lock
says. Where files do not tell (a manifest outside of the repository, a package that a registry's crate reaches by [patch]), nothing is said.

Sources: cargo's src/ops/resolve.rs, src/resolver/encode.rs (`into_resolve`, `Resolve::eq`: an entry without a source whose name no path
dependency has is ignored, a reference that names no entry too), src/resolver/resolve.rs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lockstep.errors import VersionError
from lockstep.locks.crates import CRATES_IO, DEV, Crate, Crates, Need, activated
from lockstep.locks.stale import Fault, Judged, Stale
from lockstep.manifest import Manifest, Source
from lockstep.model import Level, Place
from lockstep.text import cargo_lock
from lockstep.text.cargo_lock import CargoLock, Entry, Index, Speller, Written
from lockstep.text.toml import Key, Table
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling

FIX = "lockstep check --fix"
RESOLVE = "cargo update --workspace"
INDEXES = ("registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/")


def judge(
    source: Source,
    lock: CargoLock,
    manifests: Mapping[str, Manifest],
    named: Sequence[str],
    *,
    whole: bool = True,
    configured: Mapping[str, Table] | None = None,
) -> Judged:
    """Compare a lock with the workspace in its folder.

    `named` are the folders that the globs of `members` name; not `whole` is a workspace with a member that is not there: cargo refuses it,
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
        nobodys = {(entry.name, entry.version): None for entry in lock.entries if entry.source is None}
        return Judged(path=source.path, text=lock.text, stale=(_unread(source, crates, root),), owners=nobodys)
    return _Comparison(source, lock, crates, root, named, whole=whole, settled=settled).run()


def _foreign(crates: Crates, root: str) -> bool:
    """Say whether the manifest beside the lock belongs to a workspace elsewhere, whose lock cargo reads in place of this one."""
    above = crates.root_of(root)
    return above is not None and above != root


def _unread(source: Source, crates: Crates, root: str) -> Stale:
    above = crates.root_of(root)
    return Stale(
        fault=Fault.UNREAD,
        level=Level.WARNING,
        place=source.place(0),
        message=f"cargo never reads this lock: {_manifest(root)} belongs to the workspace of {_manifest(above or '')}",
        help="delete the lock, or exclude the package from that workspace",
    )


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

    def __init__(self, source: Source, lock: CargoLock, crates: Crates, root: str, named: Sequence[str], *, whole: bool, settled: Speller | None) -> None:
        self.source, self.lock, self.crates, self.root, self.settled = source, lock, crates, root, settled
        self.refer = Index(lock.entries).resolve(lock.references)
        self.members = dict.fromkeys(crates.members(root, named))
        self.stale: list[Stale] = []
        self.known: dict[str, dict[str, str]] = {}
        self.blind = self.broken = not whole
        self.patches: list[tuple[str, Need]] = []
        self.replaced: list[Need] = []
        self.active: dict[str, set[str]] = {}
        self.since: dict[str, tuple[str, Key]] = {}
        self.unsure: set[str] = set()
        self.entry_of: dict[str, Entry] = {}
        self.folder_of: dict[int, str] = {}
        self.left: list[Entry] = []
        self.has_replaced = any(entry.replace for entry in lock.entries)
        self.lost: set[str] = set()
        self.unclaimed: list[Entry] = []
        self.dropped: set[int] = set()

    def run(self) -> Judged:
        """Compare, and mend."""
        self._know()
        if not self.blind and any(entry.source is None and not self._refused(entry) for entry in self.lock.entries):
            # an entry without a source that can be no path package is not there for cargo
            there = Index(entry for entry in self.lock.entries if entry.source is not None or self._refused(entry))
            self.refer = there.resolve(self.lock.references)
        for folder in self.members:
            self._activate(folder, None, set())
        self._pair()
        self._reach()
        if not self._is_another() and not self._are_twins():
            for folder in self.active:
                self._compare(folder)
            self._dangling()
            self._replaced()
            self._orphans()
            self._unused()
        mended = self._mend()
        if mended is not None and not self.stale and not self._left_behind():
            self._layout(mended)
        owners: dict[tuple[str, str], str | None] = {} if self.blind else {(entry.name, entry.version): None for entry in self.unclaimed}
        owners |= {(entry.name, entry.version): folder for folder, entry in self.entry_of.items()}
        return Judged(path=self.source.path, text=self.lock.text, stale=tuple(self.stale), mended=mended, owners=owners)

    # ---- what the manifests ask for

    def _know(self) -> None:
        """Learn every path package that some manifest names, whether it is locked or not; source: `build_path_deps`."""
        self.patches = list(self.crates.overrides(self.root))
        self.replaced = list(self.crates.replacements(self.root))
        overrides = [*(need for _, need in self.patches), *self.replaced]
        overriding = [need.folder for need in overrides if need.folder is not None]
        self.blind = self.broken or any(need.outside for need in overrides)
        pending = [*self.members, *overriding]
        seen: set[str] = set()
        while pending:
            folder = pending.pop()
            if folder in seen:
                continue
            seen.add(folder)
            crate = self.crates.crate(folder)
            if crate is None:
                self.blind = self.broken = True
                continue
            self.blind = self.blind or not crate.readable or any(need.outside for need in crate.needs)
            self.known.setdefault(crate.name, {})[crate.version] = folder
            pending += [need.folder for need in crate.needs if need.folder is not None]

    def _activate(self, folder: str, need: Need | None, wanted: set[str]) -> None:
        """Follow what a path package asks for with these features; a member has all of its own and its dev-dependencies."""
        pending = [(folder, need, wanted)]
        while pending:
            folder, need, wanted = pending.pop()
            crate = self.crates.crate(folder)
            if crate is None:
                continue
            if need is not None:
                self.since.setdefault(folder, (need.origin, need.key))
            have = self.active.get(folder)
            if folder in self.members:
                if have is not None:
                    continue
                wanted = set(crate.features)
            elif have is not None and wanted <= have:
                continue
            features = self.active[folder] = (have or set()) | wanted
            turned_on = activated(crate, features)
            for one in self._wanted(crate, turned_on):
                target = one.folder
                if target is None and (patch := self._patched(one)) is not None:
                    target = patch.folder
                if target is not None:
                    inner = {*one.features, *turned_on.get(one.alias, ()), *(["default"] if one.default else [])}
                    pending.append((target, one, inner))

    def _wanted(self, crate: Crate, turned_on: Mapping[str, object]) -> Iterator[Need]:
        member = crate.folder in self.members
        for need in crate.needs:
            if (need.kind != DEV or member) and (not need.optional or need.alias in turned_on):
                yield need

    def _patched(self, need: Need) -> Need | None:
        """Give the patch by path that takes the place of a dependency, when its package satisfies the requirement."""
        for source, patch in self.patches:
            crate = self.crates.crate(patch.folder) if patch.folder is not None else None
            if crate is not None and crate.name == need.name and _patches(source, need) and _fits(need, crate.version):
                return None if self._stays_unused(crate, need) else patch
        return None

    def _stays_unused(self, crate: Crate, need: Need) -> bool:
        """Say whether the lock knows of a patch that nobody uses, and has what the need was given in its place: cargo keeps to that.

        Source: cargo's src/ops/resolve.rs, `resolve_with_previous`: only a patch that the lock does not know unlocks what it patches.
        """
        if not any((one.name, one.version, one.source) == (crate.name, crate.version, None) for one in self.lock.unused):
            return False
        return any(
            entry.name == need.name and _fits(need, entry.version) and _comes_from(need, entry, self.lock.format)
            for entry in self.lock.entries
            if entry.source is not None
        )

    # ---- which entry is which package

    def _pair(self) -> None:
        """Give each active package its entry: at its version, else at the version that is left of its name."""
        free: dict[str, list[Entry]] = {}
        for entry in self.lock.entries:
            if entry.source is None:
                free.setdefault(entry.name, []).append(entry)
        self._claim(free, list(self.active))
        self.unclaimed = [entry for entries in free.values() for entry in entries]

    def _claim(self, free: dict[str, list[Entry]], folders: Sequence[str]) -> None:
        late = []
        for folder in folders:
            crate = self.crates.crate(folder)
            assert crate is not None
            same = [entry for entry in free.get(crate.name, ()) if entry.version == crate.version]
            if same:
                self._own(folder, same[0], free)
            else:
                late.append((folder, crate))
        for folder, crate in late:
            if left := free.get(crate.name):
                self._own(folder, left[0], free)

    def _own(self, folder: str, entry: Entry, free: dict[str, list[Entry]]) -> None:
        free[entry.name].remove(entry)
        self.entry_of[folder] = entry
        self.folder_of[id(entry)] = folder

    def _refs(self, entry: Entry) -> list[Entry]:
        """Give the entries that an entry lists, and the one that replaces it."""
        found = map(self.refer.get, (*entry.references, *([entry.replace] if entry.replace else [])))
        return [one for one in found if one is not None]

    def _reach(self) -> None:
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
            found = [one for one in map(self.refer.get, asked) if one is not None]
            # What our own entry lists of ours, and no manifest asks for, is not reached by it.
            found += [one for entry in ours for one in self._refs(entry) if one.source is not None or id(one) in self.folder_of]
            ours, others = [], []
            for one in found:
                if one.source is None:
                    if id(one) not in self.folder_of:
                        self._adopt(one)
                    if id(one) not in reached:
                        (ours if id(one) in self.folder_of else others).append(one)
                elif id(one) not in reached:
                    others.append(one)
        self.lost = {text for text in walked - {text for text, one in self.refer.items() if one is not None and one.source is not None} if self._is_lost(text)}
        # A crate of a registry may ask for one of ours in ways that the lock alone does not tell.
        self.unclaimed = [entry for entry in self.unclaimed if id(entry) not in self.folder_of]
        self.left = [entry for entry in self.lock.entries if entry.source is not None and id(entry) not in reached]

    def _is_lost(self, reference: str) -> bool:
        entry = self.refer.get(reference)
        return entry is None or (entry.source is None and id(entry) not in self.folder_of)

    def _adopt(self, entry: Entry) -> None:
        folders = self.known.get(entry.name, {})
        folder = folders.get(entry.version) or (next(iter(folders.values())) if len(folders) == 1 else None)
        if folder is not None and folder not in self.active:
            self.active[folder] = set()
            self.unsure.add(folder)
            self.entry_of[folder] = entry
            self.folder_of[id(entry)] = folder

    def _is_another(self) -> bool:
        """Say once that the lock holds nothing of this workspace."""
        if self.entry_of or not self.members or not self.lock.entries or self.broken:
            return False
        held = ", ".join(entry.name for entry in self.unclaimed[:3])
        self._add(
            Fault.MALFORMED,
            self.lock.entries[0].start,
            f"the lock holds none of the packages of {_manifest(self.root)}" + (f", but {held}: it is the lock of another workspace" if held else ""),
            "delete it and run cargo generate-lockfile, or restore the right one from git",
        )
        return True

    def _are_twins(self) -> bool:
        """Say that two packages by path cannot be told apart in any lock; source: `check_duplicate_pkgs_in_lockfile`."""
        seen: dict[tuple[str, str], Crate] = {}
        for crate in map(self._crate, self.active):
            first = seen.setdefault((crate.name, crate.version), crate)
            if first is not crate and crate.readable:
                what = f"{first.manifest} and {crate.manifest} are both {crate.name} {crate.version}: cargo refuses to write a lock that cannot tell them apart"
                self._add(Fault.MALFORMED, self._where(crate.name), what, "give one of them another name or version", crate.name)
                return True
        return False

    def _left_behind(self) -> bool:
        return any(entry.version != self._crate(folder).version for folder, entry in self.entry_of.items() if self._crate(folder).readable)

    def _crate(self, folder: str) -> Crate:
        crate = self.crates.crate(folder)
        assert crate is not None
        return crate

    # ---- comparing

    def _add(self, fault: Fault, offset: int, message: str, help_: str, package: str | None = None, level: Level = Level.ERROR) -> None:
        if help_ == FIX and not self.lock.exact:
            help_ = RESOLVE  # what cargo did not lay out is not written again
        self.stale.append(Stale(fault=fault, level=level, place=self.source.place(offset), message=message, help=help_, package=package))

    def _compare(self, folder: str) -> None:
        crate = self._crate(folder)
        entry = self.entry_of.get(folder)
        if entry is None:
            why = self.crates.place_of(*self.since[folder]) if folder in self.since else Place(path=crate.manifest)
            by = "needs it" if folder in self.since else "declares it"
            self._add(
                Fault.MISSING,
                self._where(crate.name),
                f"the lock has no entry for {crate.name} {crate.version}; {why} {by}",
                FIX if folder in self._addable() else RESOLVE,
                crate.name,
            )
            return
        if not crate.readable:
            return
        turned_on = activated(crate, self.active[folder])
        wanted = list(self._wanted(crate, turned_on))
        allowed = [need for need in crate.needs if need.kind != DEV or folder in self.members] if folder in self.unsure else wanted
        listed = self._refs(entry)
        met: set[int] = set()
        unmet: set[str] = set()
        for need in allowed:
            found = [one for one in listed if self._meets(need, one)]
            met.update(map(id, found))
            if not found and need in wanted and self._knowable(need):
                unmet.add(need.name)
                self._unmet(crate, entry, need, listed)
        for one in listed:
            if id(one) not in met and one.name not in unmet and not (one.source is None and self.blind):
                self._extra(crate, entry, one)

    def _where(self, name: str) -> int:
        """Give the offset where an entry of this name would stand."""
        return next((entry.start for entry in self.lock.entries if entry.name >= name), self.lock.entries[-1].start if self.lock.entries else 0)

    def _knowable(self, need: Need) -> bool:
        if need.outside:
            return False
        if need.folder is not None:
            return need.folder in self.entry_of
        if (patch := self._patched(need)) is not None:
            return patch.folder in self.entry_of
        return True

    def _meets(self, need: Need, entry: Entry) -> bool:
        """Say whether an entry is what a need resolves to."""
        if need.folder is not None:
            return self.folder_of.get(id(entry)) == need.folder
        if need.outside:
            return entry.source is None and entry.name == need.name
        if entry.name != need.name:
            return False
        if (patch := self._patched(need)) is not None:
            # The requirement on a patched crate is held against its manifest, where its version stands.
            return self.folder_of.get(id(entry)) == patch.folder
        if id(entry) in self.folder_of:
            return False
        if not _fits(need, entry.version):
            return False
        if _comes_from(need, entry, self.lock.format):
            return True
        return any(patch.folder is None and patch.name == entry.name and _patches(source, need) for source, patch in self.patches)

    def _unmet(self, crate: Crate, entry: Entry, need: Need, listed: Sequence[Entry]) -> None:
        place = self.crates.place(need)
        near = next((one for one in listed if one.name == need.name and id(one) not in self.folder_of), None)
        if near is not None and need.folder is None:
            what = f'"{need.requirement}"' if not _fits(need, near.version) else _origin(need)
            self._add(
                Fault.UNSATISFIED,
                entry.start,
                f"{place} asks for {need.name} {what}, the lock has {near.version}{_from(near)} for {crate.name}",
                RESOLVE,
                need.name,
            )
            return
        self._add(
            Fault.REFERENCE,
            entry.start,
            f"the entry of {crate.name} does not list {need.name}, which it needs since {place}",
            FIX if need.folder is not None or self._patched(need) else RESOLVE,
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
        if self.blind or not self.lost:
            return
        lost = set(self.lost)
        for entry in self.lock.entries:
            for one in entry.references if entry.source is not None else ():
                if one in lost:
                    lost.discard(one)
                    message = f"the entry of {entry.name} {entry.version} lists {one}, which the lock does not hold"
                    self._add(Fault.REFERENCE, entry.start, message, RESOLVE, entry.name)

    def _replaced(self) -> None:
        """Hold the entries that the lock replaces against [replace]; source: https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html."""
        wanted = {(need.name, need.requirement): need for need in self.replaced}
        left = set(map(id, self.left))
        for entry in self.lock.entries if wanted or self.has_replaced else ():
            if entry.source is None or id(entry) in left:
                continue
            need = wanted.get((entry.name, entry.version)) or wanted.get((entry.name, "*"))
            crate = self.crates.crate(need.folder) if need is not None and need.folder is not None else None
            if (need is None) is not (entry.replace is None):
                by = f"{self.crates.place(need)} replaces" if need is not None else f"nothing in {_manifest(self.root)} replaces"
                says = "does not replace" if need is not None else "replaces"
                self._add(Fault.REFERENCE, entry.start, f"{by} {entry.name} {entry.version}, but the lock {says} it", RESOLVE, entry.name)
            elif need is not None and crate is not None and crate.version != entry.version:
                what = f"{self.crates.place(need)} replaces {entry.name} {entry.version}, but {crate.manifest} is at {crate.version}: cargo refuses it"
                self._add(Fault.UNSATISFIED, entry.start, what, "give both the same version, then run " + RESOLVE, entry.name)

    def _orphans(self) -> None:
        """Name what the lock holds and nobody asks for: first our own, then the tops of what came from elsewhere."""
        if self.blind:
            return
        for entry in self.unclaimed:
            refused = self._refused(entry)
            tail = "cargo refuses it under --locked" if refused else "cargo ignores it, and drops it when it next writes the lock"
            self._add(
                Fault.ORPHANED,
                entry.start,
                f"no manifest of this workspace asks for {entry.name} {entry.version}; {tail}",
                FIX,
                entry.name,
                Level.ERROR if refused else Level.WARNING,
            )
        left = self.left
        below = {id(one) for entry in left for one in self._refs(entry) if one is not entry}
        if len(left) == sum(entry.source is not None for entry in self.lock.entries):
            self.dropped = set(map(id, left))  # nothing of a registry is used any more: no resolver has a say
        tops = [entry for entry in left if id(entry) not in below] or left[:1]
        for entry in tops:
            more = f", nor for {len(left) - len(tops)} that only such entries list" if entry is tops[0] and len(left) > len(tops) else ""
            self._add(Fault.ORPHANED, entry.start, f"nobody asks for {entry.name} {entry.version}{more}", FIX if self.dropped else RESOLVE, entry.name)

    def _refused(self, entry: Entry) -> bool:
        """Say whether cargo sees a leftover entry at all: only if it can be one of the path packages; source: `get_source_id`."""
        versions = self.known.get(entry.name, {})
        return len(versions) == 1 or entry.version in versions

    # ---- patches that nobody uses

    def _expected_unused(self) -> list[Entry] | None:
        """Give the entries of [[patch.unused]] as they should be; None where that cannot be known."""
        expected = []
        for _, patch in self.patches:
            if patch.folder is None or patch.outside:
                return None
            crate = self.crates.crate(patch.folder)
            if crate is None:
                return None
            if patch.folder not in self.active:
                expected.append(Entry(crate.name, crate.version, None, None, (), None))
        return expected

    def _may_be_used(self, name: str) -> bool:
        """Say whether a crate of a registry may use a patch that is new to the lock: what it asks for, the lock does not tell."""
        return any(entry.name == name and entry.source is not None for entry in self.lock.entries)

    def _unused(self) -> None:
        expected = self._expected_unused()
        if expected is None:
            return
        have = {(entry.name, entry.version): entry for entry in self.lock.unused if entry.source is None}
        want = {(entry.name, entry.version) for entry in expected}
        for name, version in want - set(have):
            message = f"nobody uses the patch of {name} {version}, and the lock does not list it as unused"
            self._add(Fault.MISSING, self.lock.tail, message, RESOLVE if self._may_be_used(name) else FIX, name)
        for (name, version), entry in have.items():
            if (name, version) not in want:
                refused = self._refused(entry)
                message = f"the lock lists a patch of {name} {version} as unused, but there is no such patch"
                self._add(Fault.ORPHANED, entry.start, message, FIX, name, Level.ERROR if refused else Level.WARNING)

    # ---- mending

    def _addable(self) -> set[str]:
        """Give the packages without an entry whose entry can be written without a resolver: all that they need lies in the repository."""
        missing = {folder for folder in self.active if folder not in self.entry_of and folder not in self.unsure and self._crate(folder).readable}
        while True:
            refused = {folder for folder in missing if not all(self._target(need) in (missing | set(self.entry_of)) for need in self._needs_of(folder))}
            if not refused:
                return missing
            missing -= refused

    def _needs_of(self, folder: str) -> list[Need]:
        crate = self._crate(folder)
        return list(self._wanted(crate, activated(crate, self.active[folder])))

    def _target(self, need: Need) -> str | None:
        if need.folder is not None or need.outside:
            return need.folder
        patch = self._patched(need)
        return patch.folder if patch is not None else None

    def _mend(self) -> str | None:
        """Give the text with our own entries, references and order put right; None when it is right, or cannot be."""
        if not self.lock.exact or self.broken or any(one.fault is Fault.MALFORMED for one in self.stale):
            return None
        ours = {**self.entry_of, **dict.fromkeys(self._addable())}
        written = [self._ours(folder, entry, ours) for folder, entry in ours.items()]
        dropped = self.dropped | (set() if self.blind else {id(entry) for entry in self.unclaimed})
        known = {(one.name, one.version) for one in self.lock.unused}
        expected = self._expected_unused()
        if expected is not None:
            expected = [one for one in expected if (one.name, one.version) in known or not self._may_be_used(one.name)]
        unused = self.lock.unused if expected is None else _in_order(self.lock.unused, expected)
        others = [entry for entry in self.lock.entries if id(entry) not in self.folder_of and id(entry) not in dropped]
        kept: list[Entry] = []
        if self.settled is not None:
            if not dropped and list(unused) == list(self.lock.unused) and self._stand(self.settled, ours, written):
                return None
            kept = self._kept(self.settled, others, written)
            stay = set(map(id, kept))
            others = [entry for entry in others if id(entry) not in stay]
        for entry in others:
            named = {text: one for text in entry.references if (one := self.refer.get(text)) is not None and id(one) not in dropped}
            replace = self._key(found) if entry.replace is not None and (found := self.refer.get(entry.replace)) is not None else None
            # What names nothing stays: a resolver must give it, and would not be asked for what nobody sees.
            lost = tuple(text for text in entry.references if text not in named) if entry.source is not None else ()
            written.append(Written(entry.name, entry.version, entry.source, entry.checksum, tuple(map(self._key, named.values())), replace, lost))
        text = cargo_lock.write(self.lock, written, unused, kept)
        return None if text == self.lock.text or text.splitlines() == self.lock.text.splitlines() else text

    def _stand(self, speller: Speller, ours: Mapping[str, Entry | None], written: Sequence[Written]) -> bool:
        """Say whether a settled lock already says of our packages what it should, so that nothing in it has to be written."""
        text, end = self.lock.text, cargo_lock.line_end(self.lock.text)
        return text[: self.lock.entries[0].start] == cargo_lock.header(self.lock, end) and all(
            entry is not None and text[entry.start : entry.end].rstrip("\r\n") == cargo_lock.block(one, speller, end).rstrip("\r\n")
            for entry, one in zip(ours.values(), written, strict=True)
        )

    def _kept(self, before: Speller, others: Sequence[Entry], ours: Sequence[Written]) -> list[Entry]:
        """Give the entries of a settled lock whose text stays when ours become these: they refer to nothing that is now spelled another way."""
        after = Counter([(one.name, one.version) for one in others])
        after.update([(one.name, one.version) for one in ours])
        moved = {name for (name, _), _ in before.entries.items() ^ after.items()}
        respelled = {one for one in self.lock.references if one.partition(" ")[0] in moved} if moved else set()
        return [entry for entry in others if respelled.isdisjoint(entry.references)] if respelled else list(others)

    def _key(self, entry: Entry) -> tuple[str, str, str | None]:
        folder = self.folder_of.get(id(entry))
        if folder is not None and (crate := self._crate(folder)).readable:
            return (crate.name, crate.version, None)
        return (entry.name, entry.version, entry.origin)

    def _ours(self, folder: str, entry: Entry | None, ours: Mapping[str, Entry | None]) -> Written:
        crate = self._crate(folder)
        if entry is not None and not crate.readable:
            return Written(entry.name, entry.version, None, entry.checksum, tuple(map(self._key, self._refs(entry))))
        needs = [need for need in self._needs_of(folder) if self._target(need) in ours]
        keys: list[tuple[str, str, str | None]] = [
            (self._crate(target).name, self._crate(target).version, None) for need in needs if (target := self._target(need)) is not None
        ]
        for one in self._refs(entry) if entry is not None else ():
            unknown = one.source is None and (id(one) not in self.folder_of and self.blind)
            if one.source is not None or unknown or (folder in self.unsure and any(self._meets(need, one) for need in crate.needs if need.kind != DEV)):
                keys.append(self._key(one))
        return Written(crate.name, crate.version, None, None, tuple(dict.fromkeys(keys)))

    def _layout(self, mended: str) -> None:
        """Say that cargo will write the lock in another way although it says the same."""
        theirs, mine = mended.splitlines(), self.lock.text.splitlines()
        line = next((i for i, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other), min(len(mine), len(theirs)))
        offset = sum(len(one) for one in self.lock.text.splitlines(keepends=True)[:line])
        message = "the lock says the same as the manifests, but cargo writes it another way from here on: order, references or head differ"
        self._add(Fault.LAYOUT, min(offset, max(len(self.lock.text) - 1, 0)), message, FIX, level=Level.WARNING)


def _in_order(have: Sequence[Entry], want: Sequence[Entry]) -> list[Entry]:
    """Keep what is wanted in its order, then add what is new."""
    wanted = {(entry.name, entry.version) for entry in want}
    kept = [entry for entry in have if entry.source is not None or (entry.name, entry.version) in wanted]
    there = {(entry.name, entry.version) for entry in kept}
    return [*kept, *(entry for entry in want if (entry.name, entry.version) not in there)]


def _fits(need: Need, version: str) -> bool:
    """Say whether a version satisfies a requirement; what neither can be read as is let pass."""
    if need.requirement == "*" and need.git is not None:
        return True
    found = cargo_lock.version_of(version)
    try:
        return found is None or satisfies(need.requirement, Spelling.CARGO_REQUIREMENT, found)
    except VersionError:
        return True


def _patches(source: str, need: Need) -> bool:
    """Say whether a table of [patch] is about the source of a need."""
    if need.git is not None:
        return _canonical(source) == _canonical(need.git)
    return source == need.registry or (source.startswith("http") and "crates.io-index" in source and need.registry == CRATES_IO)


def _comes_from(need: Need, entry: Entry, version: int) -> bool:
    if entry.origin is None:
        return False
    kind, _, url = entry.origin.partition("+")
    if need.git is None:
        return kind in ("registry", "sparse") and (entry.origin in INDEXES) == (need.registry == CRATES_IO)
    if kind != "git":
        return False
    address, _, query = url.partition("?")
    wanted = "&".join("=".join(one) for one in ([need.revision] if need.revision else []))
    given = _unquote(query) if version >= cargo_lock.NEWEST else query
    same = given == wanted or (version <= 2 and {given, wanted} <= {"", "branch=master"})
    return same and _canonical(address) == _canonical(need.git)


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


def _origin(need: Need) -> str:
    return f"from {need.git}" if need.git is not None else "from crates.io" if need.registry == CRATES_IO else f"from the registry {need.registry}"


def _from(entry: Entry) -> str:
    return "" if entry.origin in INDEXES else f" (from {entry.origin or 'a path'})"
