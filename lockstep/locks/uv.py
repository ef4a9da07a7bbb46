"""Would uv change this lock? What the lock remembers of our own manifests is held against them; the resolution itself is uv's.

Compared: members, the Pythons, constraints, and of each member its version, source, requirements with their markers, extras and groups.
Mended: what concerns packages of the repository alone. What only a resolver can tell (a new package of a registry, other Pythons for the
wheels of one, forks) is left to `uv lock`; what uv writes in a form that nobody else can tell is taken as it is.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile; uv's crates/uv-resolver/src/lock/mod.rs, `Lock::satisfies`, and
crates/uv-workspace/src/workspace.rs, `collect_required_members`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from lockstep.dataclass import replace
from lockstep.errors import VersionError
from lockstep.locks import uv_text
from lockstep.locks.markers import equivalent, normalized, written
from lockstep.locks.requires_python import bounds_of, intersection
from lockstep.locks.stale import Fault, Judged, Stale
from lockstep.locks.uv_groups import Groups
from lockstep.locks.uv_manifest import (
    Requirement,
    every_list,
    every_requirement,
    extra_names,
    is_workspace_source,
    member_sources,
    nonempty_extras,
    ordered,
    project_name,
    read_requirement,
    specifiers,
    subtable,
)
from lockstep.locks.uv_settings import Settings, differences
from lockstep.locks.uv_text import Entry, Lines, Named, UvLock, extra_of, order, under_extra
from lockstep.manifest import Manifest, Source, inside
from lockstep.model import Level
from lockstep.pattern import pattern
from lockstep.text.toml import Table, strings
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling, Version

LOCK = "uv lock"
FIX = "lockstep check --fix"
FORMAT = 1
REQUIRED_MEMBERS = 3
"""The revision since which a member that another one needs is a package although it has no build system; source: uv 0.8."""
OMITTED_VERSIONS = 1
"""The revision since which every uv leaves out the version of a dynamic package; without one an older uv may have written it. Source: uv 0.5.19."""

GROUP_PYTHONS = 5
"""The revision since which a lock says for which Pythons each group is; source: uv 0.13."""

_SEGMENT = r"(?:0|[1-9][0-9]*|[0-9]*[a-z][a-z0-9]*)"
_CANONICAL = pattern(
    r"(?:[1-9][0-9]*!)?(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*(?:(?:a|b|rc)[0-9]+)?(?:\.post[0-9]+)?(?:\.dev[0-9]+)?"
    rf"(?:\+{_SEGMENT}(?:\.{_SEGMENT})*)?"
)


LineKey: TypeAlias = tuple[tuple[str, str], ...]


def judge(source: Source, manifests: Mapping[str, Manifest], members: Sequence[str], settings: Settings) -> Judged:
    """Compare a lock with the project or workspace in its folder; `members` are the manifests of its members, `settings` are uv's for that folder."""
    tables = {path: manifest.document.data for path in members if (manifest := manifests.get(path)) is not None and manifest.document is not None}
    root = manifests.get(inside(source.folder, "pyproject.toml"))
    if root is None or root.document is None or not tables:
        return Judged(path=source.path, text=source.text)
    try:
        lock = uv_text.read(source.text, source.folder)
    except ValueError as error:
        return Judged(path=source.path, text=source.text, stale=(_malformed(source, 0, f"a key stands twice in the lock: {error}"),))
    if malformed := next(_faults(source, lock), None):
        return Judged(path=source.path, text=source.text, stale=(malformed,))
    return _Comparison(source, lock, tables, root.document.data, settings, complete=len(tables) == len(members)).run()


def _malformed(source: Source, offset: int, message: str) -> Stale:
    help_ = "restore the lock from git, or delete it and run uv lock"
    return Stale(fault=Fault.MALFORMED, level=Level.ERROR, place=source.place(max(offset, 0)), message=message, help=help_)


def _faults(source: Source, lock: UvLock) -> Iterator[Stale]:
    if (stated := lock.head.get("version")) != FORMAT:
        what = f"states format {stated}, but uv reads {FORMAT}" if stated is not None else "states no format: it is cut off, or no lock"
        yield _malformed(source, source.text.find("version = "), f"the lock {what}")
    homes: dict[str, Entry] = {}
    for local in lock.local:
        if (home := homes.setdefault(local.folder, local)) is not local:
            yield _malformed(source, local.start, f"{local.name} stands twice in the lock, first in line {source.at(home.start)[0]}")
    yield from _broken_links(source, lock)


def _broken_links(source: Source, lock: UvLock) -> Iterator[Stale]:
    """Say where a package stands twice, and where one depends on what the lock does not hold: uv cannot read such a lock."""
    entries = [(entry, tuple(edges)) for entry, edges in uv_text.entries(lock)]
    first: dict[tuple[str, str | None, str | None], Named] = {}
    by_name: dict[str, list[Named]] = {}
    for entry, _ in entries:
        by_name.setdefault(entry.name, []).append(entry)
        if (other := first.setdefault((entry.name, entry.version, entry.source), entry)) is not entry:
            yield _malformed(source, entry.start, f"{entry.name} stands twice in the lock, first in line {source.at(other.start)[0]}")
    for entry, edges in entries:
        for edge in edges:
            held = by_name.get(edge.name, [])
            fit = [one for one in held if edge.version in (None, one.version) and edge.source in (None, one.source)]
            what = f"{entry.name} depends on {edge.name}{f' {edge.version}' if edge.version is not None else ''}"
            if not fit:
                yield _malformed(source, edge.start, f"{what}, which the lock does not hold{' in this version or from this source' if held else ''}")
            elif len(fit) > 1:
                yield _malformed(source, edge.start, f"{what}, and the lock does not say which of its {len(fit)} entries is meant")


class _Comparison:
    """One lock against one project or workspace."""

    def __init__(self, source: Source, lock: UvLock, tables: Mapping[str, Table], root: Table, settings: Settings, *, complete: bool) -> None:
        self.source, self.lock, self.root, self.complete = source, lock, root, complete
        self.settings = settings
        self.tables = {path: table for path, table in tables.items() if isinstance(subtable(table, "project").get("name"), str)}
        self.folders = {path.rpartition("/")[0]: normalized(project_name(table)) for path, table in self.tables.items()}
        self.revision = found if isinstance(found := lock.head.get("revision"), int) else 0
        self.pythons = str(lock.head.get("requires-python", ""))
        self.forked = any(key in lock.head for key in ("resolution-markers", "supported-markers", "required-markers", "conflicts"))
        self.entries = {entry.folder: entry for entry in lock.local}
        self.member_sources = member_sources(
            root, self.tables, source.folder, {} if self.revision >= REQUIRED_MEMBERS else {entry.folder: entry.kind for entry in lock.local}
        )
        self.nonempty_extras = {normalized(project_name(table)): {*extra_names(nonempty_extras(table))} for table in self.tables.values()}
        """The extras that each member needs something for: uv names no others where one is asked for."""
        self.stale: list[Stale] = []
        self.needs_resolver = not all(entry.exact for entry in lock.local)
        self.written: list[Entry] = []
        self.dropped: list[Entry] = []
        self.head_text = lock.head_text

    def run(self) -> Judged:
        """Compare, and mend."""
        self._python()
        self._settings()
        for path, table in self.tables.items():
            self._member(path, table)
        self._members()
        self._extras()
        mended = None
        if not self.needs_resolver and self.stale:
            text = uv_text.write_lock(self.lock, self.head_text, self.written, self.dropped)
            mended = text if text != self.source.text else None
        stale = tuple(replace(one, help=LOCK if mended is None else FIX) for one in self.stale)
        return Judged(path=self.source.path, text=self.source.text, stale=stale, mended=mended)

    def _add(self, fault: Fault, offset: int, message: str, package: str | None = None, level: Level = Level.ERROR) -> None:
        self.stale.append(Stale(fault=fault, level=level, place=self.source.place(max(offset, 0)), message=message, help=LOCK, package=package))

    # ---- the workspace

    def _members(self) -> None:
        names = sorted(self.folders.values())
        wanted = [] if len(names) == 1 and "project" in self.root else names
        held = subtable(self.lock.head, "manifest").get("members")
        if not self.complete or (listed := [*strings(held)]) == wanted:
            self.needs_resolver = self.needs_resolver or not self.complete
            return
        for name in sorted({*listed} - {*names}):
            at = self.source.text.find(f'"{name}"')
            self._add(Fault.ORPHANED, at, f"the lock lists {name} as a member, but no manifest of the workspace has that name", name)
            self.dropped += [entry for entry in self.lock.local if entry.name == name and entry.folder not in self.folders]
            self.needs_resolver = self.needs_resolver or self._is_named(name)
        if not {*listed} - {*names} and not {*wanted} - {*listed} - {entry.name for entry in self.written if not entry.end}:
            self._add(
                Fault.REFERENCE,
                self.source.text.find("[manifest]"),
                f"the lock has the members {', '.join(listed) or 'none'}, not {', '.join(wanted) or 'none'}",
            )
        elif {*wanted} - {*listed} and not self.stale:
            self._add(Fault.REFERENCE, self.source.text.find("[manifest]"), f"the lock does not list {', '.join(sorted({*wanted} - {*listed}))} as members")
        self.needs_resolver = self.needs_resolver or any(self.forked or not self._is_local(entry) for entry in self.dropped)  # uv orders forks anew
        self.head_text = uv_text.with_members(self.head_text, wanted)

    def _extras(self) -> None:
        """Leave it to uv where a member's extra begins or ceases to need something while another asks for it."""
        moved = {
            name: self.nonempty_extras[name] ^ {*held.optional_dependencies}
            for folder, name in self.folders.items()
            if (held := self.entries.get(folder)) and held.name == name
        }
        asked = (requirement for table in self.tables.values() for requirement in every_requirement(table))
        self.needs_resolver = self.needs_resolver or any({*requirement.extras} & moved.get(requirement.name, set()) for requirement in asked)

    def _is_named(self, name: str) -> bool:
        """Say whether some manifest still asks for a package that is no member any more."""
        lists = (items for table in self.tables.values() for items in every_list(table))
        return any((requirement := read_requirement(item, {})) is None or requirement.name == name for items in lists for item in items)

    def _is_local(self, entry: Entry) -> bool:
        """Say whether an entry needs nothing but packages of the repository."""
        edges = [*entry.dependencies, *(line for lists in (entry.optional_dependencies, entry.dev_dependencies) for lines in lists.values() for line in lines)]
        return all(line.get("name") in self.member_sources or line.get("name") in {one.name for one in self.lock.local} for line in edges)

    def _python(self) -> None:
        wanted = [text for table in self.tables.values() if isinstance(text := subtable(table, "project").get("requires-python"), str)]
        text = intersection(wanted)
        if text is None or not self.pythons or bounds_of(text) == bounds_of(self.pythons):
            return
        self._add(Fault.REFERENCE, self.source.text.find("requires-python"), f"the lock is for Python {self.pythons}, the manifests ask for {text}")
        local = len(self.lock.names) == len(self.lock.local)
        self.needs_resolver = self.needs_resolver or not local or self.forked or "python_" in self.lock.text.partition("[[package]]")[2]
        self.head_text, self.pythons = uv_text.with_python(self.head_text, text), text

    def _settings(self) -> None:
        """Compare what steers the resolver: a change of it needs the resolver."""
        tables = {id(one): one for one in (self.root, *self.tables.values())}
        for level, message in differences(self.settings, self.root, tables.values(), self.lock.head, self.pythons):
            self._add(Fault.REFERENCE, 0, message, level=level)
            self.needs_resolver = True
        uv, manifest = subtable(self.root, "tool", "uv"), subtable(self.lock.head, "manifest")
        pairs = [(key, uv.get(f"{key[:-1]}-dependencies"), manifest.get(key)) for key in ("constraints", "overrides", "build-constraints")]
        listed = [{"name": one} for one in strings(manifest.get("excludes"))]
        pairs.append(("excludes", uv.get("exclude-dependencies"), listed))
        if "project" not in self.root and "dependency-groups" in self.root:
            groups, held, pythons = subtable(self.root, "dependency-groups"), subtable(manifest, "dependency-groups"), subtable(uv, "dependency-groups")
            all_groups = Groups(self.source.path, groups, pythons)
            names = sorted({normalized(one) for one in groups} | {*held})
            pairs += [(f"dependency-groups.{group}", all_groups.requirements(group), held.get(group)) for group in names]
            if self._other_pythons(groups, all_groups, subtable(manifest, "group-requires-python")):
                self._add(Fault.REFERENCE, self.source.text.find("[manifest"), "the manifest has changed the Pythons of its groups")
                self.needs_resolver = True
        for key, wanted, have in pairs:
            items = wanted if isinstance(wanted, list) else []
            sources = {normalized(name): one for name, one in subtable(uv, "sources").items()}
            requirements = [read_requirement(item, sources) if isinstance(item, str) else None for item in items]
            if None in requirements:
                continue
            added, removed, _ = self._matched([one for one in requirements if one is not None], _tables(have), sources)
            if key in ("constraints", "overrides", "excludes"):  # uv lets one pass that is new and concerns no package of the lock
                known = {name for name, _, _ in self.lock.names} | {one.get("name") for one in removed}
                added = [one for one in added if one.name in known]
            if added or removed:
                at = self.source.text.find("[manifest]")
                self._add(Fault.REFERENCE, at, f"the manifest has changed its {key}: {_difference(added, removed)}")
                self.needs_resolver = True

    def _other_pythons(self, groups: Table, all_groups: Groups, held: Mapping[str, object]) -> bool:
        """Say whether a lock that remembers the Pythons of groups remembers others."""
        wanted = {name: found for one in groups if (found := all_groups.pythons(name := normalized(one)))}
        return self.revision >= GROUP_PYTHONS and wanted != {name: specifiers(str(text)) for name, text in held.items()}

    # ---- one member

    def _member(self, path: str, table: Table) -> None:
        folder, label = path.rpartition("/")[0], project_name(table)
        name = normalized(label)
        held = self.entries.get(folder)
        count = len(self.stale)
        dynamic = "version" in strings(subtable(table, "project").get("dynamic"))
        version = subtable(table, "project").get("version")
        entry = held
        kind, where = self.member_sources[name]
        if held is None or held.name != name:
            if held is None:
                self._add(Fault.MISSING, 0, f"the lock has no entry for {label}; {path} declares it", label)
            else:
                self._add(Fault.REFERENCE, held.start, f"the lock calls it {held.name}, {path} is {label}", label)
                self.needs_resolver = self.needs_resolver or not self._is_local(held)
            start, end = (held.start, held.end) if held is not None else (0, 0)
            entry = Entry(name=name, version=None, kind=kind, path=where, folder=folder, start=start, end=end, provides_extras=())
            fresh = True
        else:
            fresh = False
        assert entry is not None
        if not fresh and entry.kind != kind:
            self._add(Fault.REFERENCE, entry.start, f"the lock has {label} as {entry.kind}, by {path} it is {kind}", label)
        stated = _canonical(version) if isinstance(version, str) and not dynamic else None
        if dynamic and self.revision < OMITTED_VERSIONS and not fresh:
            stated = entry.version
        if (entry.version is None) != (stated is None) and not fresh:
            what = "the lock has a version of" if stated is None else "the lock has no version of"
            why = "is dynamic" if stated is None else f"is {stated}"
            self._add(Fault.REFERENCE, entry.start, f"{what} {label}, in {path} it {why}", label)
        if stated is not None and (entry.version is None or fresh):
            self.needs_resolver = self.needs_resolver or not _CANONICAL.fullmatch(stated)
            entry = replace(entry, version=stated)
        elif stated is not None and entry.version is not None and stated != entry.version and _CANONICAL.fullmatch(stated):
            if _without_zeros(stated) == _without_zeros(entry.version):
                message = f"the lock says the same as {path}, but writes the version {entry.version}: uv writes {stated}"
                self._add(Fault.LAYOUT, entry.start, message, label, Level.WARNING)
            entry = replace(entry, version=stated)
        entry = replace(entry, kind=kind, path=where, version=None if stated is None else entry.version)
        entry = self._compare_lists(path, table, entry, fresh=fresh)
        if len(self.stale) > count:
            self.written.append(entry)

    def _compare_lists(self, path: str, table: Table, entry: Entry, *, fresh: bool) -> Entry:
        """Compare requirements, extras and groups; give the entry as it should be."""
        project = subtable(table, "project")
        extras = {normalized(name): strings(items) for name, items in subtable(project, "optional-dependencies").items()}
        written_if_empty = self.revision >= 1  # before, empty extras and groups were not written down
        if not {"dependencies", "optional-dependencies"} & {*strings(project.get("dynamic"))}:
            entry = self._compare_requires_dist(path, table, entry, extras, fresh=fresh)
            if written_if_empty or entry.provides_extras is not None:
                if {*(entry.provides_extras or ())} != {*extras} and not fresh:
                    message = f"the lock has other extras of {project_name(table)} than {path}: {_instead_of(entry.provides_extras or (), extras)}"
                    self._add(Fault.REFERENCE, entry.start, message, project_name(table))
                entry = replace(entry, provides_extras=tuple(extras))
        elif fresh:
            self.needs_resolver = True
        if "dev-dependencies" in subtable(table, "tool", "uv"):
            self.needs_resolver = self.needs_resolver or fresh
            return entry
        groups, pythons = subtable(table, "dependency-groups"), subtable(table, "tool", "uv", "dependency-groups")
        all_groups = Groups(path, groups, pythons)
        names = {normalized(one) for one in groups}
        if self._other_pythons(groups, all_groups, entry.group_pythons):
            self.needs_resolver = True  # they are forks
            if not fresh:
                self._add(Fault.REFERENCE, entry.start, f"{path} has changed the Pythons of the groups of {project_name(table)}", project_name(table))
        if written_if_empty and {*entry.requires_dev} != names and not fresh:
            message = f"the lock has other groups of {project_name(table)} than {path}: {_instead_of(entry.requires_dev, names)}"
            self._add(Fault.REFERENCE, entry.start, message, project_name(table))
        dev, edges = {}, {}
        for group in sorted(names | ({*entry.requires_dev} if not written_if_empty else set())):
            wanted = all_groups.requirements(group)
            dev[group], edges[group] = self._compare_list(
                path,
                table,
                entry,
                f" in the group {group}",
                wanted,
                entry.requires_dev.get(group, ()),
                entry.dev_dependencies.get(group, ()),
                fresh=fresh or group not in entry.requires_dev,
            )
        return replace(entry, requires_dev={name: lines for name, lines in dev.items() if written_if_empty or lines}, dev_dependencies=edges)

    def _compare_requires_dist(self, path: str, table: Table, entry: Entry, extras: Mapping[str, Sequence[str]], *, fresh: bool) -> Entry:
        held: dict[str, list[Table]] = {}
        as_locked: dict[tuple[str, LineKey], Table] = {}
        for line in entry.requires_dist:
            extra, rest = extra_of(line)
            bare: Table = {**{key: value for key, value in line.items() if key != "marker"}, **({"marker": rest} if rest else {})}
            held.setdefault(extra, []).append(bare)
            as_locked[extra, _line_key(bare)] = line
        wanted = {"": strings(subtable(table, "project").get("dependencies")), **extras}
        lines: list[Table] = []
        edges: dict[str, Lines] = {}
        for extra in ["", *sorted(({*wanted} | {*held}) - {""})]:
            where = f" in the extra {extra}" if extra else ""
            have = tuple(held.get(extra, ()))
            then = entry.optional_dependencies.get(extra, ()) if extra else entry.dependencies
            now, edges[extra] = self._compare_list(path, table, entry, where, wanted.get(extra, ()), have, then, fresh=fresh)
            lines += [as_locked.get((extra, _line_key(line))) or under_extra(line, extra) for line in now]
        requirements = edges.pop("")
        return replace(entry, requires_dist=tuple(order(lines)), dependencies=requirements, optional_dependencies=edges)

    def _compare_list(
        self, path: str, table: Table, entry: Entry, where: str, items: Sequence[str], held: Lines, edges: Lines, *, fresh: bool
    ) -> tuple[Lines, Lines]:
        """Compare one list of requirements; give it and the dependencies that follow from it as they should be."""
        sources = {normalized(name): one for place in (self.root, table) for name, one in subtable(place, "tool", "uv", "sources").items()}
        requirements = [read_requirement(item, sources) for item in items]
        if None in requirements:
            return held, edges
        added, removed, kept = self._matched([one for one in requirements if one is not None], held, sources)
        own = entry.name
        if any(one.name == own for one in added) and not any(line.get("name") == own for line in held) and not fresh:
            return held, edges  # an older uv wrote requirements on itself in full
        if not added and not removed:
            return held, edges
        if not fresh:
            self._add(
                Fault.REFERENCE,
                entry.start,
                f"{path} has changed what {project_name(table)} requires{where}; the lock {_difference(added, removed)}",
                project_name(table),
            )
        lines, after = [*kept], [*edges]
        for name in sorted({one.name for one in added} | {str(one.get("name")) for one in removed}):
            new, old = [one for one in added if one.name == name], [one for one in removed if one.get("name") == name]
            if len([one for one in requirements if one is not None and one.name == name]) > 1 or len([one for one in held if one.get("name") == name]) > 1:
                self.needs_resolver = True
            elif name in self.member_sources and name != own and (not new or is_workspace_source(sources.get(name))):
                after = [edge for edge in after if edge.get("name") != name]
                self._require_member(table, new, lines, after)
            elif new and old and self._same_version(new[0], old[0]):
                lines.append({**old[0], "specifier": ",".join(ordered(new[0].specifiers))})
            else:
                self.needs_resolver = True
        return tuple(order(lines)), tuple(order(after))

    def _require_member(self, table: Table, new: Sequence[Requirement], lines: list[Table], edges: list[Table]) -> None:
        """Write a requirement on another member, unless forks may come of it or go with it."""
        for one in new:
            kind, where = self.member_sources[one.name]
            marker, edge = written(one.marker, ""), written(one.marker, self.pythons)
            others = {requirement.marker.strip() for requirement in every_requirement(table) if requirement.name == one.name}
            forks = edge != "" or others != {one.marker.strip()}
            if marker is None or forks or sum(name == one.name for name, _, _ in self.lock.names) > 1:
                self.needs_resolver = True
            extras: Table = {"extras": [*one.extras]} if one.extras else {}
            asked = [extra for extra in one.extras if extra in self.nonempty_extras.get(one.name, ())]
            lines.append({"name": one.name, **extras, **({"marker": marker} if marker else {}), kind: where})
            edges.append({"name": one.name, **({"extra": asked} if asked else {})})
        self.needs_resolver = self.needs_resolver or self.forked or bool(subtable(self.lock.head, "manifest").get("overrides"))

    def _same_version(self, requirement: Requirement, line: Table) -> bool:
        """Say whether the version that the lock has of a package satisfies what is asked for now, everything else being as it was."""
        versions = [version for name, version, _ in self.lock.names if name == requirement.name and version is not None]
        if len(versions) != 1 or not requirement.specifiers or "specifier" not in line or strings(line.get("extras")) != requirement.extras:
            return False
        if equivalent(requirement.marker, str(line.get("marker", "")), self.pythons) is not True:
            return False
        try:
            return satisfies(",".join(requirement.specifiers), Spelling.PEP440_SPECIFIERS, Version.read(versions[0], Spelling.PEP440))
        except VersionError:
            return False

    def _matched(self, requirements: Sequence[Requirement], held: Lines, sources: Mapping[str, object]) -> tuple[list[Requirement], list[Table], list[Table]]:
        """Give what the lock does not know, what it should not, and the lines that are as they should be."""
        left, kept = [*held], list[Table]()
        added: list[Requirement] = []
        for one in requirements:
            line = next((line for line in left if self._is_locked_as(one, line, sources)), None)
            if line is not None:
                left.remove(line)
                kept.append(line)
            elif not any(self._is_locked_as(one, line, sources) for line in kept):  # else the same twice, by way of a group that is included
                added.append(one)
        return list(dict.fromkeys(added)), left, kept

    def _is_locked_as(self, requirement: Requirement, line: Table, sources: Mapping[str, object]) -> bool:
        specifier = line.get("specifier")
        have = specifiers(specifier) if isinstance(specifier, str) and requirement.plain and requirement.name not in sources else frozenset()
        extras = extra_names(strings(line.get("extras", line.get("extra"))))
        if (requirement.name, requirement.extras, requirement.specifiers) != (line.get("name"), extras, have):
            return False
        if requirement.name in self.member_sources and is_workspace_source(sources.get(requirement.name)) and self.revision >= REQUIRED_MEMBERS:
            kind, where = self.member_sources[requirement.name]
            if line.get(kind) != where:
                return False
        marker = line.get("marker")
        return equivalent(requirement.marker.strip(), marker if isinstance(marker, str) else "", self.pythons) is not False


# ---- words


def _line_key(line: Table) -> LineKey:
    return tuple(sorted((key, str(value)) for key, value in line.items()))


def _canonical(version: str) -> str:
    """Give a version as uv writes it, PEP 440's normal form; what cannot be read as it is."""
    if _CANONICAL.fullmatch(version):
        return version
    try:
        return Version.read(version, Spelling.PEP440).canonical().spell(Spelling.PEP440)
    except VersionError:
        return version


def _without_zeros(version: str) -> str:
    """Give a version without the zeros that say nothing."""
    return re.sub(r"(?:\.0)+(?![0-9.])", "", version)


def _difference(added: Sequence[Requirement], removed: Sequence[Table]) -> str:
    texts = [f"does not know {_requirement_text(one.name, one.extras, ','.join(ordered(one.specifiers)), one.marker)}" for one in added]
    for line in removed:
        specifier, marker = str(line.get("specifier", "")), str(line.get("marker", ""))
        texts.append(f"remembers {_requirement_text(str(line.get('name')), strings(line.get('extras')), specifier, marker)}")
    return ", ".join(sorted(texts)[:3])


def _requirement_text(name: str, extras: Sequence[str], specifier: str, marker: str) -> str:
    return name + (f"[{','.join(extras)}]" if extras else "") + specifier + (f"; {marker.strip()}" if marker.strip() else "")


def _instead_of(have: Iterable[str], want: Iterable[str]) -> str:
    return f"{', '.join(sorted(have)) or 'none'} for {', '.join(sorted(want)) or 'none'}"


def _tables(value: object) -> Lines:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
