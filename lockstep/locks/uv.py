"""Would uv change this lock? What the lock remembers of our own manifests is held against them; the resolution itself is uv's.

Compared: members, `requires-python` where it is one lower bound, and of each member its requirements, extras and groups. What uv writes in
a form of its own (markers, other bounds, requirements on itself) is left alone: a false alarm is worse than a miss.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile; uv's crates/uv-resolver/src/lock/mod.rs, `Lock::satisfies`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lockstep.declaration import Manifest, Source, inside, join
from lockstep.locks.stale import Fault, Judged, Stale
from lockstep.model import Level
from lockstep.toml import Table, strings

LOCK = "uv lock"
Requirement = tuple[str, frozenset[str], frozenset[str]]
"""Name, extras, specifiers."""

_BLOCK = re.compile(r"^\[\[package\]\]\r?\n(?:(?!\[\[).*(?:\r?\n|\Z))*", re.MULTILINE)
_OURS = re.compile(r'^source = \{ (?:editable|virtual|directory) = "([^"\r\n]*)" \}', re.MULTILINE)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*\(?([^;@()]*)\)?\s*(@[^;]*)?(?:;.*)?", re.DOTALL)
_BOUND = re.compile(r"\s*>=\s*([0-9]+(?:\.[0-9]+)*)\s*")


def judge(source: Source, manifests: Mapping[str, Manifest], members: Sequence[str]) -> Judged:
    """Compare a lock with the project or workspace in its folder; `members` are the manifests of its members."""
    tables = {path: manifest.document.data for path in members if (manifest := manifests.get(path)) is not None and manifest.document is not None}
    root = manifests.get(inside(source.folder, "pyproject.toml"))
    if root is None or root.document is None or not tables:
        return Judged(path=source.path, text=source.text)
    return Judged(path=source.path, text=source.text, stale=tuple(_compare(source, tables, root.document.data)))


def _compare(source: Source, tables: Mapping[str, Table], root: Table) -> Iterator[Stale]:
    text = source.text
    head = tomllib.loads(text[: found.start()] if (found := re.search(r"^\[\[package\]\]", text, re.MULTILINE)) else text)
    entries = {}
    for block in _BLOCK.finditer(text):
        ours = _OURS.search(block[0])
        if ours is not None and (folder := join(source.folder, ours[1])) is not None:
            entries[folder] = (block.start(), tomllib.loads(block[0])["package"][0])
    named = {path: table for path, table in tables.items() if isinstance(_table(table, "project").get("name"), str)}
    yield from _python(source, named.values(), head)
    for path, table in named.items():
        folder = path.rpartition("/")[0]
        if folder not in entries:
            yield _stale(source, Fault.MISSING, 0, f"the lock has no entry for {_name(table)}; {path} declares it", _name(table))
            continue
        start, entry = entries[folder]
        if entry.get("name") != normal(_name(table)):
            yield _stale(source, Fault.REFERENCE, start, f"the lock calls it {entry.get('name')}, {path} is {_name(table)}", _name(table))
            continue
        whole = isinstance(revision := head.get("revision"), int) and revision >= 1  # before, empty extras and groups were not written down
        yield from _entry(source, start, entry, path, table, root, whole=whole)
    listed = _table(head, "manifest").get("members")
    for name in sorted({*strings(listed)} - {normal(_name(table)) for table in named.values()}):
        yield _stale(source, Fault.ORPHANED, text.find(f'"{name}"'), f"the lock lists {name} as a member, but no manifest of the workspace has that name", name)


def _python(source: Source, tables: Iterable[Table], head: Table) -> Iterator[Stale]:
    wanted = [text for table in tables if isinstance(text := _table(table, "project").get("requires-python"), str)]
    bounds = [_BOUND.fullmatch(text) for text in wanted]
    have = head.get("requires-python")
    held = _BOUND.fullmatch(have) if isinstance(have, str) else None
    if held is None or not bounds or not all(bounds):
        return
    highest = max((_numbers(one[1]), one[1]) for one in bounds if one is not None)
    if highest[0] != _numbers(held[1]):
        message = f"the lock is for Python {have}, the manifests ask for >={highest[1]}"
        yield _stale(source, Fault.REFERENCE, source.text.find("requires-python"), message)


def _entry(source: Source, start: int, entry: Table, path: str, table: Table, root: Table, *, whole: bool) -> Iterator[Stale]:
    project, metadata = _table(table, "project"), _table(entry, "metadata")
    name = _name(table)
    dynamic = strings(project.get("dynamic"))
    sourced = {normal(one) for place in (table, root) for one in _table(place, "tool", "uv", "sources")}
    extras = _table(project, "optional-dependencies")
    items = [*strings(project.get("dependencies")), *(one for values in extras.values() for one in strings(values))]
    if not {"dependencies", "optional-dependencies"} & {*dynamic}:
        yield from _lists(source, start, name, path, "", items, metadata.get("requires-dist"), sourced)
        have = metadata.get("provides-extras")
        if (whole or isinstance(have, list)) and {*strings(have)} != {normal(one) for one in extras}:
            yield _stale(
                source, Fault.REFERENCE, start, f"the lock has other extras of {name} than {path}: {_both({*strings(have)}, map(normal, extras))}", name
            )
    groups = _table(table, "dependency-groups")
    if "dev-dependencies" in _table(table, "tool", "uv"):
        return
    held = _table(metadata, "requires-dev")
    if whole and {*held} != {normal(one) for one in groups}:
        yield _stale(source, Fault.REFERENCE, start, f"the lock has other groups of {name} than {path}: {_both(held, map(normal, groups))}", name)
        return
    for group in sorted({normal(one) for one in groups} | {*held}):
        yield from _lists(source, start, name, path, f" in the group {group}", _flat(groups, group, ()), held.get(group), sourced)


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


def _lists(source: Source, start: int, name: str, path: str, where: str, items: Sequence[str], have: object, sourced: set[str]) -> Iterator[Stale]:  # noqa: PLR0917 - one list, and where both sides of it stand
    wanted = [_requirement(item, sourced) for item in items]
    held = [_remembered(one, sourced) for one in have if isinstance(one, dict)] if isinstance(have, list) else []
    if None in wanted or any(one is not None and one[0] == normal(name) for one in wanted):
        return
    missing, extra = {one for one in wanted if one} - {*held}, {*held} - {one for one in wanted if one}
    if missing or extra:
        words = [f"does not know {_shown(one)}" for one in sorted(missing, key=str)] + [f"remembers {_shown(one)}" for one in sorted(extra, key=str)]
        yield _stale(source, Fault.REFERENCE, start, f"{path} has changed what {name} requires{where}; the lock {', '.join(words[:3])}", name)


def _requirement(text: str, sourced: set[str]) -> Requirement | None:
    found = _REQUIREMENT.fullmatch(text)
    if found is None:
        return None
    name = normal(found[1])
    extras = frozenset(normal(one) for one in (found[2] or "").split(",") if one.strip())
    return (name, extras, frozenset() if name in sourced or found[4] else _specifiers(found[3]))


def _remembered(table: Table, sourced: set[str]) -> Requirement:
    name, specifier = str(table.get("name", "")), table.get("specifier")
    extras = table.get("extras", table.get("extra"))
    return (name, frozenset(strings(extras)), frozenset() if name in sourced or not isinstance(specifier, str) else _specifiers(specifier))


def _specifiers(text: str) -> frozenset[str]:
    """Give specifiers as they compare: 1.0 is 1, spaces and letters' case say nothing."""
    parts = (re.sub(r"\s+|(?<=[0-9])(?:\.0)+$(?<!~=[0-9]\.0)", "", part.strip().lower()) for part in text.split(","))
    return frozenset(part for part in parts if part)


def normal(name: str) -> str:
    """Give a name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _shown(one: Requirement) -> str:
    return one[0] + (f"[{','.join(sorted(one[1]))}]" if one[1] else "") + ",".join(sorted(one[2]))


def _both(have: Iterable[str], want: Iterable[str]) -> str:
    return f"{', '.join(sorted(have)) or 'none'} for {', '.join(sorted(want)) or 'none'}"


def _name(table: Table) -> str:
    return str(_table(table, "project").get("name"))


def _table(table: Table, *keys: str) -> Table:
    value: object = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _stale(source: Source, fault: Fault, offset: int, message: str, package: str | None = None) -> Stale:
    return Stale(fault=fault, level=Level.ERROR, place=source.place(max(offset, 0)), message=message, help=LOCK, package=package)
