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

from lockstep.dataclass import dataclass, replace
from lockstep.errors import VersionError
from lockstep.locks import uv_text
from lockstep.locks.markers import normal, same, spelled
from lockstep.locks.stale import Fault, Judged, Stale
from lockstep.locks.uv_text import Entry, Lines, UvLock, extra_of, order
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

_REQUIREMENT = pattern(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*\(?([^;@()]*)\)?\s*(@[^;]*)?(?:;(.*))?",
    re.DOTALL,
)
_CANONICAL = pattern(r"(?:[1-9][0-9]*!)?(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*(?:(?:a|b|rc)[0-9]+)?(?:\.post[0-9]+)?(?:\.dev[0-9]+)?")
_BOUND = pattern(r"(>=|<=|<|>|==|~=|!=)\s*([0-9]+(?:\.[0-9]+)*(?:\.\*)?)")


Frozen: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of a manifest; the versions of one with a source of its own are not in the lock."""

    name: str
    extras: tuple[str, ...]
    specifiers: frozenset[str]
    marker: str
    plain: bool
    """Say whether it is a name alone, without an address of its own."""


def judge(source: Source, manifests: Mapping[str, Manifest], members: Sequence[str]) -> Judged:
    """Compare a lock with the project or workspace in its folder; `members` are the manifests of its members."""
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
    return _Comparison(source, lock, tables, root.document.data, whole=len(tables) == len(members)).run()


def _malformed(source: Source, offset: int, message: str) -> Stale:
    help_ = "restore the lock from git, or delete it and run uv lock"
    return Stale(fault=Fault.MALFORMED, level=Level.ERROR, place=source.place(max(offset, 0)), message=message, help=help_)


def _faults(source: Source, lock: UvLock) -> Iterator[Stale]:
    if (stated := lock.head.get("version")) != FORMAT:
        what = f"states format {stated}, but uv reads {FORMAT}" if stated is not None else "states no format: it is cut off, or no lock"
        yield _malformed(source, source.text.find("version = "), f"the lock {what}")
    first: dict[str, Entry] = {}
    for entry in lock.ours:
        if first.setdefault(entry.folder, entry) is not entry:
            yield _malformed(source, entry.start, f"{entry.name} stands twice in the lock, first in line {source.at(first[entry.folder].start)[0]}")


class _Comparison:
    """One lock against one project or workspace."""

    def __init__(self, source: Source, lock: UvLock, tables: Mapping[str, Table], root: Table, *, whole: bool) -> None:
        self.source, self.lock, self.root, self.whole = source, lock, root, whole
        self.tables = {path: table for path, table in tables.items() if isinstance(_table(table, "project").get("name"), str)}
        self.folders = {path.rpartition("/")[0]: normal(_name(table)) for path, table in self.tables.items()}
        self.revision = found if isinstance(found := lock.head.get("revision"), int) else 0
        self.pythons = str(lock.head.get("requires-python", ""))
        self.forked = any(key in lock.head for key in ("resolution-markers", "supported-markers", "required-markers", "conflicts"))
        self.entries = {entry.folder: entry for entry in lock.ours}
        self.kinds = self._kinds()
        self.filled = {normal(_name(table)): {*_extras(_filled(table))} for table in self.tables.values()}
        """The extras that each member needs something for: uv names no others where one is asked for."""
        self.stale: list[Stale] = []
        self.unresolved = not all(entry.exact for entry in lock.ours)
        self.written: list[Entry] = []
        self.dropped: list[Entry] = []
        self.top = lock.top

    def run(self) -> Judged:
        """Compare, and mend."""
        self._python()
        self._settings()
        for path, table in self.tables.items():
            self._member(path, table)
        self._members()
        self._extras()
        mended = None
        if not self.unresolved and self.stale:
            text = uv_text.whole(self.lock, self.top, self.written, self.dropped)
            mended = text if text != self.source.text else None
        stale = tuple(replace(one, help=LOCK if mended is None else FIX) for one in self.stale)
        return Judged(path=self.source.path, text=self.source.text, stale=stale, mended=mended)

    def _add(self, fault: Fault, offset: int, message: str, package: str | None = None, level: Level = Level.ERROR) -> None:
        self.stale.append(Stale(fault=fault, level=level, place=self.source.place(max(offset, 0)), message=message, help=LOCK, package=package))

    # ---- the workspace

    def _kinds(self) -> dict[str, tuple[str, str]]:
        """Give the source that each member has in a lock: what kind of folder it is, and its path from the lock."""
        required: dict[str, object] = {}
        for own, sources in [
            (self.root, _table(self.root, "tool", "uv", "sources")),
            *((one, _table(one, "tool", "uv", "sources")) for one in self.tables.values()),
        ]:
            for name, listed in sources.items():
                for each in listed if isinstance(listed, list) else [listed]:
                    if isinstance(each, dict) and each.get("workspace") is True and normal(name) != normal(_name(own)):
                        required[normal(name)] = each.get("editable", required.get(normal(name)))
        found = {}
        here = len(self.source.folder) + 1 if self.source.folder else 0
        for path, table in self.tables.items():
            folder, name = path.rpartition("/")[0], normal(_name(table))
            package = _table(table, "tool", "uv").get("package")
            built = package if isinstance(package, bool) else "build-system" in table or name in required
            kind = "virtual" if not built else "directory" if required.get(name) is False else "editable"
            held = self.entries.get(folder)
            if held is not None and self.revision < REQUIRED_MEMBERS:
                kind = held.kind
            found[name] = (kind, folder[here:] or ".")
        return found

    def _members(self) -> None:
        names = sorted(self.folders.values())
        wanted = [] if len(names) == 1 and "project" in self.root else names
        held = _table(self.lock.head, "manifest").get("members")
        if not self.whole or (listed := [*strings(held)]) == wanted:
            self.unresolved = self.unresolved or not self.whole
            return
        for name in sorted({*listed} - {*names}):
            at = self.source.text.find(f'"{name}"')
            self._add(Fault.ORPHANED, at, f"the lock lists {name} as a member, but no manifest of the workspace has that name", name)
            self.dropped += [entry for entry in self.lock.ours if entry.name == name and entry.folder not in self.folders]
            self.unresolved = self.unresolved or self._is_named(name)
        if not {*listed} - {*names} and not {*wanted} - {*listed} - {entry.name for entry in self.written if not entry.end}:
            self._add(
                Fault.REFERENCE,
                self.source.text.find("[manifest]"),
                f"the lock has the members {', '.join(listed) or 'none'}, not {', '.join(wanted) or 'none'}",
            )
        elif {*wanted} - {*listed} and not self.stale:
            self._add(Fault.REFERENCE, self.source.text.find("[manifest]"), f"the lock does not list {', '.join(sorted({*wanted} - {*listed}))} as members")
        self.unresolved = self.unresolved or any(not self._is_local(entry) for entry in self.dropped)
        self.top = uv_text.with_members(self.top, wanted)

    def _extras(self) -> None:
        """Leave it to uv where a member's extra begins or ceases to need something while another asks for it."""
        moved = {name: self.filled[name] ^ {*held.extras} for folder, name in self.folders.items() if (held := self.entries.get(folder)) and held.name == name}
        asked = (need for table in self.tables.values() for need in self._needs(table))
        self.unresolved = self.unresolved or any({*need.extras} & moved.get(need.name, set()) for need in asked)

    def _is_named(self, name: str) -> bool:
        """Say whether some manifest still asks for a package that is no member any more."""
        lists = (items for table in self.tables.values() for items in _every_list(table))
        return any((need := self._need(item, {})) is None or need.name == name for items in lists for item in items)

    def _is_local(self, entry: Entry) -> bool:
        """Say whether an entry needs nothing but packages of the repository."""
        edges = [*entry.needs, *(line for lists in (entry.extras, entry.groups) for lines in lists.values() for line in lines)]
        return all(line.get("name") in self.kinds or line.get("name") in {one.name for one in self.lock.ours} for line in edges)

    def _python(self) -> None:
        wanted = [text for table in self.tables.values() if isinstance(text := _table(table, "project").get("requires-python"), str)]
        text = pythons(wanted)
        if text is None or not self.pythons or _python_key(text) == _python_key(self.pythons):
            return
        self._add(Fault.REFERENCE, self.source.text.find("requires-python"), f"the lock is for Python {self.pythons}, the manifests ask for {text}")
        local = len(self.lock.names) == len(self.lock.ours)
        self.unresolved = self.unresolved or not local or self.forked or "python_" in self.lock.text.partition("[[package]]")[2]
        self.top, self.pythons = uv_text.with_python(self.top, text), text

    def _settings(self) -> None:
        """Compare what steers the resolver: a change of it needs the resolver."""
        uv, manifest = _table(self.root, "tool", "uv"), _table(self.lock.head, "manifest")
        pairs = [(key, uv.get(f"{key[:-1]}-dependencies"), manifest.get(key)) for key in ("constraints", "overrides", "build-constraints")]
        listed = [{"name": one} for one in strings(manifest.get("excludes"))]
        pairs.append(("excludes", uv.get("exclude-dependencies"), listed))
        if "project" not in self.root and "dependency-groups" in self.root:
            groups, held = _table(self.root, "dependency-groups"), _table(manifest, "dependency-groups")
            names = sorted({normal(one) for one in groups} | {*held})
            pairs += [(f"dependency-groups.{group}", _flat(groups, group, ()), held.get(group)) for group in names]
        for key, wanted, have in pairs:
            items = wanted if isinstance(wanted, list) else []
            sources = {normal(name): one for name, one in _table(uv, "sources").items()}
            needs = [self._need(item, sources) if isinstance(item, str) else None for item in items]
            if None in needs:
                continue
            added, gone, _ = self._matched([one for one in needs if one is not None], _tables(have), sources)
            if key in ("constraints", "overrides", "excludes"):  # uv lets one pass that is new and concerns no package of the lock
                known = {name for name, _, _ in self.lock.names} | {one.get("name") for one in gone}
                added = [one for one in added if one.name in known]
            if added or gone:
                at = self.source.text.find("[manifest]")
                self._add(Fault.REFERENCE, at, f"the manifest has changed its {key}: {_shown(added, gone)}")
                self.unresolved = True

    # ---- one member

    def _member(self, path: str, table: Table) -> None:
        folder, name = path.rpartition("/")[0], normal(_name(table))
        held = self.entries.get(folder)
        count = len(self.stale)
        dynamic = "version" in strings(_table(table, "project").get("dynamic"))
        version = _table(table, "project").get("version")
        entry = held
        kind, where = self.kinds[name]
        if held is None or held.name != name:
            if held is None:
                self._add(Fault.MISSING, 0, f"the lock has no entry for {_name(table)}; {path} declares it", _name(table))
            else:
                self._add(Fault.REFERENCE, held.start, f"the lock calls it {held.name}, {path} is {_name(table)}", _name(table))
                self.unresolved = self.unresolved or not self._is_local(held)
            start, end = (held.start, held.end) if held is not None else (0, 0)
            entry = Entry(name=name, version=None, kind=kind, path=where, folder=folder, start=start, end=end, provides=())
            fresh = True
        else:
            fresh = False
        assert entry is not None
        if not fresh and entry.kind != kind:
            self._add(Fault.REFERENCE, entry.start, f"the lock has {_name(table)} as {entry.kind}, by {path} it is {kind}", _name(table))
        stated = version if isinstance(version, str) and not dynamic else None
        if dynamic and self.revision < OMITTED_VERSIONS and not fresh:
            stated = entry.version
        if (entry.version is None) != (stated is None) and not fresh:
            what = "the lock has a version of" if stated is None else "the lock has no version of"
            why = "is dynamic" if stated is None else f"is {stated}"
            self._add(Fault.REFERENCE, entry.start, f"{what} {_name(table)}, in {path} it {why}", _name(table))
        if stated is not None and (entry.version is None or fresh):
            self.unresolved = self.unresolved or not _CANONICAL.fullmatch(stated)
            entry = replace(entry, version=stated)
        elif stated is not None and entry.version is not None and stated != entry.version and _CANONICAL.fullmatch(stated):
            if _bare(stated) == _bare(entry.version):
                message = f"the lock says the same as {path}, but writes the version {entry.version}: uv writes {stated}"
                self._add(Fault.LAYOUT, entry.start, message, _name(table), Level.WARNING)
            entry = replace(entry, version=stated)
        entry = replace(entry, kind=kind, path=where, version=None if stated is None else entry.version)
        entry = self._lists(path, table, entry, fresh=fresh)
        if len(self.stale) > count:
            self.written.append(entry)

    def _lists(self, path: str, table: Table, entry: Entry, *, fresh: bool) -> Entry:
        """Compare requirements, extras and groups; give the entry as it should be."""
        project = _table(table, "project")
        extras = {normal(name): strings(items) for name, items in _table(project, "optional-dependencies").items()}
        whole = self.revision >= 1  # before, empty extras and groups were not written down
        if not {"dependencies", "optional-dependencies"} & {*strings(project.get("dynamic"))}:
            entry = self._requires(path, table, entry, extras, fresh=fresh)
            if whole or entry.provides is not None:
                if {*(entry.provides or ())} != {*extras} and not fresh:
                    message = f"the lock has other extras of {_name(table)} than {path}: {_both(entry.provides or (), extras)}"
                    self._add(Fault.REFERENCE, entry.start, message, _name(table))
                entry = replace(entry, provides=tuple(extras))
        elif fresh:
            self.unresolved = True
        if "dev-dependencies" in _table(table, "tool", "uv"):
            self.unresolved = self.unresolved or fresh
            return entry
        groups = _table(table, "dependency-groups")
        names = {normal(one) for one in groups}
        if whole and {*entry.dev} != names and not fresh:
            message = f"the lock has other groups of {_name(table)} than {path}: {_both(entry.dev, names)}"
            self._add(Fault.REFERENCE, entry.start, message, _name(table))
        dev, edges = {}, {}
        for group in sorted(names | ({*entry.dev} if not whole else set())):
            wanted = _flat(groups, group, ())
            dev[group], edges[group] = self._list(
                path,
                table,
                entry,
                f" in the group {group}",
                wanted,
                entry.dev.get(group, ()),
                entry.groups.get(group, ()),
                fresh=fresh or group not in entry.dev,
            )
        return replace(entry, dev={name: lines for name, lines in dev.items() if whole or lines}, groups=edges)

    def _requires(self, path: str, table: Table, entry: Entry, extras: Mapping[str, Sequence[str]], *, fresh: bool) -> Entry:
        held: dict[str, list[Table]] = {}
        whole: dict[tuple[str, Frozen], Table] = {}
        for line in entry.requires:
            extra, rest = extra_of(line)
            bare: Table = {**{key: value for key, value in line.items() if key != "marker"}, **({"marker": rest} if rest else {})}
            held.setdefault(extra, []).append(bare)
            whole[extra, _frozen(bare)] = line
        wanted = {"": strings(_table(table, "project").get("dependencies")), **extras}
        lines: list[Table] = []
        edges: dict[str, Lines] = {}
        for extra in ["", *sorted(({*wanted} | {*held}) - {""})]:
            where = f" in the extra {extra}" if extra else ""
            have = tuple(held.get(extra, ()))
            then = entry.extras.get(extra, ()) if extra else entry.needs
            now, edges[extra] = self._list(path, table, entry, where, wanted.get(extra, ()), have, then, fresh=fresh)
            lines += [whole.get((extra, _frozen(line))) or _marked(line, extra) for line in now]
        needs = edges.pop("")
        return replace(entry, requires=tuple(order(lines)), needs=needs, extras=edges)

    def _list(self, path: str, table: Table, entry: Entry, where: str, items: Sequence[str], held: Lines, edges: Lines, *, fresh: bool) -> tuple[Lines, Lines]:
        """Compare one list of requirements; give it and the dependencies that follow from it as they should be."""
        sources = {normal(name): one for place in (self.root, table) for name, one in _table(place, "tool", "uv", "sources").items()}
        needs = [self._need(item, sources) for item in items]
        if None in needs:
            return held, edges
        if where.startswith(" in the group"):  # uv joins what a group asks for twice: a marker says nothing beside the same without one
            needs = [one for one in needs if one is None or not one.marker.strip() or replace(one, marker="") not in needs]
        added, gone, kept = self._matched([one for one in needs if one is not None], held, sources)
        own = entry.name
        if any(one.name == own for one in added) and not any(line.get("name") == own for line in held) and not fresh:
            return held, edges  # an older uv wrote requirements on itself in full
        if not added and not gone:
            return held, edges
        if not fresh:
            self._add(Fault.REFERENCE, entry.start, f"{path} has changed what {_name(table)} requires{where}; the lock {_shown(added, gone)}", _name(table))
        lines, after = [*kept], [*edges]
        for name in sorted({one.name for one in added} | {str(one.get("name")) for one in gone}):
            new, old = [one for one in added if one.name == name], [one for one in gone if one.get("name") == name]
            if len([one for one in needs if one is not None and one.name == name]) > 1 or len([one for one in held if one.get("name") == name]) > 1:
                self.unresolved = True
            elif name in self.kinds and name != own and (not new or _is_workspace(sources.get(name))):
                after = [edge for edge in after if edge.get("name") != name]
                self._local(table, new, lines, after)
            elif new and old and self._same_version(new[0], old[0]):
                lines.append({**old[0], "specifier": ",".join(_sorted(new[0].specifiers))})
            else:
                self.unresolved = True
        return tuple(order(lines)), tuple(order(after))

    def _local(self, table: Table, new: Sequence[Need], lines: list[Table], edges: list[Table]) -> None:
        """Write a requirement on another member, unless forks may come of it or go with it."""
        for one in new:
            kind, where = self.kinds[one.name]
            marker, edge = spelled(one.marker, ""), spelled(one.marker, self.pythons)
            others = {need.marker.strip() for need in self._needs(table) if need.name == one.name}
            forks = edge != "" or others != {one.marker.strip()}
            if marker is None or forks or sum(name == one.name for name, _, _ in self.lock.names) > 1:
                self.unresolved = True
            extras: Table = {"extras": [*one.extras]} if one.extras else {}
            asked = [extra for extra in one.extras if extra in self.filled.get(one.name, ())]
            lines.append({"name": one.name, **extras, **({"marker": marker} if marker else {}), kind: where})
            edges.append({"name": one.name, **({"extra": asked} if asked else {})})
        self.unresolved = self.unresolved or self.forked or bool(_table(self.lock.head, "manifest").get("overrides"))

    def _needs(self, table: Table) -> Iterator[Need]:
        return (need for items in _every_list(table) for item in items if (need := self._need(item, {})) is not None)

    def _same_version(self, need: Need, line: Table) -> bool:
        """Say whether the version that the lock has of a package satisfies what is asked for now, everything else being as it was."""
        versions = [version for name, version, _ in self.lock.names if name == need.name and version is not None]
        if len(versions) != 1 or not need.specifiers or "specifier" not in line or strings(line.get("extras")) != need.extras:
            return False
        if same(need.marker, str(line.get("marker", "")), self.pythons) is not True:
            return False
        try:
            return satisfies(",".join(need.specifiers), Spelling.PEP440_SPECIFIERS, Version.read(versions[0], Spelling.PEP440))
        except VersionError:
            return False

    def _matched(self, needs: Sequence[Need], held: Lines, sources: Mapping[str, object]) -> tuple[list[Need], list[Table], list[Table]]:
        """Give what the lock does not know, what it should not, and the lines that are as they should be."""
        left, kept = [*held], list[Table]()
        added: list[Need] = []
        for one in needs:
            line = next((line for line in left if self._is(one, line, sources)), None)
            if line is not None:
                left.remove(line)
                kept.append(line)
            elif not any(self._is(one, line, sources) for line in kept):  # else the same twice, by way of a group that is included
                added.append(one)
        return list(dict.fromkeys(added)), left, kept

    def _is(self, need: Need, line: Table, sources: Mapping[str, object]) -> bool:
        specifier = line.get("specifier")
        have = _specifiers(specifier) if isinstance(specifier, str) and need.plain and need.name not in sources else frozenset()
        if (need.name, need.extras, need.specifiers) != (line.get("name"), _extras(strings(line.get("extras", line.get("extra")))), have):
            return False
        if need.name in self.kinds and _is_workspace(sources.get(need.name)) and self.revision >= REQUIRED_MEMBERS:
            kind, where = self.kinds[need.name]
            if line.get(kind) != where:
                return False
        marker = line.get("marker")
        return same(need.marker.strip(), marker if isinstance(marker, str) else "", self.pythons) is not False

    @staticmethod
    def _need(text: str, sources: Mapping[str, object]) -> Need | None:
        found = _REQUIREMENT.fullmatch(text)
        if found is None:
            return None
        name = normal(found[1])
        extras = _extras(one for one in (found[2] or "").split(",") if one.strip())
        plain = not found[4]
        return Need(name, extras, _specifiers(found[3]) if plain and name not in sources else frozenset(), found[5] or "", plain)


# ---- the Pythons


def pythons(texts: Sequence[str]) -> str | None:
    """Give what uv writes for the Pythons that all members support; None where that takes more than bounds."""
    distinct = {tuple(_sorted(_specifiers(text))): text for text in texts}
    found: list[list[tuple[str, str]]] = []
    for text in distinct.values():
        parts = [_BOUND.fullmatch(part.strip()) for part in text.split(",")]
        bounds = [(part[1], part[2]) for part in parts if part is not None]
        if len(bounds) != len(parts):
            return None
        found.append([one for bound in bounds for one in _expanded(*bound)])
    if len(found) == 1 and any(operator not in (">=", ">", "<", "<=") for operator, _ in found[0]):
        return ", ".join(operator + number for operator, number in sorted(found[0], key=lambda one: _numbers(one[1])))
    bounds = [one for each in found for one in each]
    if not bounds or any(operator not in (">=", "<") for operator, _ in bounds):
        only = found[0] if len(found) == 1 else []
        return ", ".join(operator + number for operator, number in sorted(only, key=lambda one: _numbers(one[1]))) or None
    lower = max(((_numbers(number), number) for operator, number in bounds if operator == ">="), default=None)
    upper = min(((_numbers(number), number) for operator, number in bounds if operator == "<"), default=None)
    if lower is not None and upper is not None and lower[0] >= upper[0]:
        return None
    if lower is not None and upper is not None and (one := _starred(lower[0], upper[0])) is not None:
        return f"=={one}.*"
    return ", ".join([*([f">={lower[1]}"] if lower else []), *([f"<{upper[1]}"] if upper else [])])


def _expanded(operator: str, number: str) -> list[tuple[str, str]]:
    if operator == "==" and "*" in number and number.count(".") == 1:
        return _between(number)
    if operator != "~=" or "." not in number or "*" in number:
        return [(operator, number)]
    parts = [int(part) for part in number.split(".")][:-1]
    parts[-1] += 1
    return [(">=", number), ("<", ".".join(map(str, parts)))]


def _starred(lower: tuple[int, ...], upper: tuple[int, ...]) -> str | None:
    """Give the one Python, or the one major, that two bounds leave: `>=3.12, <3.13` is `==3.12.*` in a lock.

    Source: uv's crates/uv-pep440/src/version_specifier.rs, `from_release_only_bounds`.
    """
    major, minor = (*lower, 0, 0)[:2]
    if upper == _numbers(f"{major}.{minor + 1}") and len(lower) <= 2:
        return f"{major}.{minor}"
    return None


def _python_key(text: str) -> frozenset[tuple[str, tuple[int, ...], bool]]:
    parts = [part for one in text.split(",") if (part := _BOUND.fullmatch(one.strip())) is not None]
    bounds = [bound for part in parts for bound in (_between(part[2]) if part[1] == "==" and "*" in part[2] else [(part[1], part[2])])]
    return frozenset((operator, _numbers(number), "*" in number) for operator, number in bounds)


def _between(starred: str) -> list[tuple[str, str]]:
    """Give the bounds of `3.12.*`."""
    numbers = [int(number) for number in starred.split(".")[:-1]]
    return [(">=", starred.removesuffix(".*")), ("<", ".".join(map(str, (*numbers[:-1], numbers[-1] + 1))))]


# ---- the words of manifests


def _flat(groups: Table, wanted: str, seen: tuple[str, ...]) -> list[str]:
    """Give a group's requirements with those of the groups that it includes."""
    found: list[str] = []
    for group, items in groups.items():
        if normal(group) != wanted or wanted in seen or not isinstance(items, list):
            continue
        for item in items:
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict) and isinstance(inner := item.get("include-group"), str):
                found += _flat(groups, normal(inner), (*seen, wanted))
    return found


def _every_list(table: Table) -> Iterator[Sequence[str]]:
    project = _table(table, "project")
    yield strings(project.get("dependencies"))
    yield from (strings(items) for items in _table(project, "optional-dependencies").values())
    yield from (strings(items) for items in _table(table, "dependency-groups").values())


def _filled(table: Table) -> Iterator[str]:
    return (name for name, items in _table(table, "project", "optional-dependencies").items() if items)


def _is_workspace(source: object) -> bool:
    return isinstance(source, dict) and source.get("workspace") is True and not {"marker", "extra", "group"} & {*source}


def _marked(line: Table, extra: str) -> Table:
    """Put a requirement under an extra: its marker stands behind name and extras."""
    rest = line.get("marker")
    parts = [f"({rest})" if extra and " or " in rest else rest] if isinstance(rest, str) else []
    parts += [f"extra == '{extra}'"] if extra else []
    before: Table = {key: line[key] for key in ("name", "extras", "groups") if key in line}
    return {**before, **({"marker": " and ".join(parts)} if parts else {}), **{key: value for key, value in line.items() if key not in (*before, "marker")}}


def _frozen(line: Table) -> Frozen:
    return tuple(sorted((key, str(value)) for key, value in line.items()))


def _extras(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({normal(name) for name in names}))


def _specifiers(text: str) -> frozenset[str]:
    """Give specifiers as they compare: 1.0 is 1, spaces and letters' case say nothing."""
    parts = (re.sub(r"\s+|(?<=[0-9])(?:\.0)+$(?<!~=[0-9]\.0)", "", part.strip().lower()) for part in text.split(","))
    return frozenset(part for part in parts if part)


def _sorted(specifiers: Iterable[str]) -> list[str]:
    return sorted(specifiers, key=lambda one: (_numbers(one), one))


def _numbers(text: str) -> tuple[int, ...]:
    found = re.search(r"[0-9]{1,9}(?:\.[0-9]{1,9})*", text)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _bare(version: str) -> str:
    """Give a version without the zeros that say nothing."""
    return re.sub(r"(?:\.0)+(?![0-9.])", "", version)


def _shown(added: Sequence[Need], gone: Sequence[Table]) -> str:
    words = [f"does not know {_said(one.name, one.extras, ','.join(_sorted(one.specifiers)), one.marker)}" for one in added]
    words += [f"remembers {_said(str(one.get('name')), strings(one.get('extras')), str(one.get('specifier', '')), str(one.get('marker', '')))}" for one in gone]
    return ", ".join(sorted(words)[:3])


def _said(name: str, extras: Sequence[str], specifier: str, marker: str) -> str:
    return name + (f"[{','.join(extras)}]" if extras else "") + specifier + (f"; {marker.strip()}" if marker.strip() else "")


def _both(have: Iterable[str], want: Iterable[str]) -> str:
    return f"{', '.join(sorted(have)) or 'none'} for {', '.join(sorted(want)) or 'none'}"


def _name(table: Table) -> str:
    return str(_table(table, "project").get("name"))


def _tables(value: object) -> Lines:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _table(table: Table, *keys: str) -> Table:
    value: object = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
