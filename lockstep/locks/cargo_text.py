"""Cargo.lock as text: its entries with their places, and the text that cargo would write for them.

The file is scanned block by block at anchored places; what is not written the way cargo writes it (hand-made, or older than 2015) is
parsed by `tomllib`, judged, and never rewritten.

Sources: cargo's src/ops/lockfile.rs (the layout), src/resolver/encode.rs (versions 1 to 4, what a reference says, the order).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lockstep.errors import VersionError
from lockstep.version import Spelling, Version

NEWEST = 4
"""The newest format that a stable cargo writes."""

_HEAD = re.compile(r"\ufeff?(?:\#[^\r\n]*\r?\n)*(?:[ \t]*\r?\n)*(?:version = (?P<version>[0-9]+)\r?\n)?(?:[ \t]*\r?\n)*")
_BODY = (
    r'name = "(?P<name>[^"\\\r\n]*)"\r?\n'
    r'version = "(?P<version>[^"\\\r\n]*)"\r?\n'
    r'(?:source = "(?P<source>[^"\\\r\n]*)"\r?\n)?'
    r'(?:checksum = "(?P<checksum>[^"\\\r\n]*)"\r?\n)?'
    r'(?:dependencies = \[\r?\n(?P<references>(?: "[^"\\\r\n]*",\r?\n)*+)\]\r?\n)?'
    r'(?:replace = "(?P<replace>[^"\\\r\n]*)"\r?\n)?'
    r"(?:\r?\n)*"
)
_BLOCK = re.compile(r"\[\[package\]\]\r?\n" + _BODY)
_UNUSED = re.compile(r"\[\[patch\.unused\]\]\r?\n" + _BODY)
_TAIL = re.compile(r'(?:\[metadata\]\r?\n(?:"[^"\\\r\n]*" = "[^"\\\r\n]*"\r?\n)*)?(?:\r?\n)*')
_REFERENCE = re.compile(r' "([^"]*)",')


@dataclass(frozen=True, slots=True)
class Entry:
    """One package of a lock: `references` as they are written, `start` and `at` the offsets of the block and of its version."""

    name: str
    version: str
    source: str | None
    checksum: str | None
    references: tuple[str, ...]
    replace: str | None
    start: int = 0
    at: int = 0

    @property
    def origin(self) -> str | None:
        """The source without the commit that it was locked to, which is no part of its identity."""
        return self.source.partition("#")[0] if self.source else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoLock:
    """A lock: `stated` is the format that it states, `exact` says that it is laid out as cargo does, so that it can be written again."""

    text: str = field(repr=False)
    entries: tuple[Entry, ...]
    unused: tuple[Entry, ...] = ()
    stated: int | None = None
    exact: bool = True
    head: int = 0
    tail: int = 0
    nameless: bool = False
    """Some entry has no name or no version."""

    @property
    def format(self) -> int:
        """The format that it is written in: without a statement the first, unless something in it came with the second."""
        if self.stated is not None:
            return self.stated
        if any(entry.checksum for entry in self.entries) or any(" " not in one for entry in self.entries for one in entry.references):
            return 2
        # A single entry says nothing; source: into_resolve, "we have a curious issue".
        return 2 if len(self.entries) == 1 and self.text.endswith("\n") and not self.text.endswith(("\n\n", "\n\r\n")) else 1


def read(text: str) -> CargoLock | None:
    """Read a lock; None when it is laid out in some other way and is no TOML table either."""
    head = _HEAD.match(text)
    assert head is not None
    entries, end = _blocks(_BLOCK, text, head.end())
    unused, tail = _blocks(_UNUSED, text, end)
    rest = _TAIL.fullmatch(text, tail)
    stated = int(head["version"]) if head["version"] else None
    if rest is None:
        return _parse(text)
    return CargoLock(text=text, entries=entries, unused=unused, stated=stated, head=head.end(), tail=tail)


def _blocks(rule: re.Pattern[str], text: str, start: int) -> tuple[tuple[Entry, ...], int]:
    found = []
    match = rule.match
    while (block := match(text, start)) is not None:
        name, version, source, checksum, references, replace = block.groups()
        listed = tuple(_REFERENCE.findall(references)) if references else ()
        found.append(Entry(name, version, source, checksum, listed, replace, start, block.start("version")))
        start = block.end()
    return tuple(found), start


def _parse(text: str) -> CargoLock | None:
    """Read a lock that nobody laid out as cargo does."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    patch = data.get("patch")
    version = data.get("version")
    root = data.get("root")
    packages = data.get("package")
    tables = [*([root] if isinstance(root, dict) else []), *(packages if isinstance(packages, list) else [])]
    return CargoLock(
        text=text,
        entries=(entries := tuple(_tables(tables, text))),
        unused=tuple(_tables(patch.get("unused") if isinstance(patch, dict) else [], text)),
        stated=version if isinstance(version, int) else None,
        exact=False,
        nameless=len(entries) != len(tables),
    )


def _tables(tables: object, text: str) -> Iterator[Entry]:
    for table in tables if isinstance(tables, list) else ():
        if not isinstance(table, dict) or not isinstance(name := table.get("name"), str) or not isinstance(version := table.get("version"), str):
            continue
        listed = table.get("dependencies")
        at = re.search(rf'^name\s*=\s*["\']{re.escape(name)}["\']', text, re.MULTILINE)
        start = at.start() if at else 0
        yield Entry(
            name,
            version,
            table["source"] if isinstance(table.get("source"), str) else None,
            table["checksum"] if isinstance(table.get("checksum"), str) else None,
            tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else (),
            table["replace"] if isinstance(table.get("replace"), str) else None,
            start,
            start,
        )


class Index:
    """Finds the entry that a reference names, as cargo does; source: into_resolve, `lookup_id`."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.named: dict[str, list[Entry]] = {}
        for entry in entries:
            self.named.setdefault(entry.name, []).append(entry)

    def find(self, reference: str) -> Entry | None:
        """Give the entry, None when there is none or more than one that could be meant."""
        name, _, rest = reference.partition(" ")
        found = self.named.get(name)
        if found is None:
            return None
        if not rest:
            if len(found) == 1:
                return found[0]
            if any(entry.version != found[0].version for entry in found):
                return None
        version, _, source = rest.partition(" ")
        if version:
            found = [entry for entry in found if entry.version == version]
        if source:
            return next((entry for entry in found if entry.origin == source.strip("()").partition("#")[0]), None)
        local = [entry for entry in found if entry.source is None]
        if local or len(found) != 1:
            return local[0] if len(local) == 1 else None
        return found[0]


@dataclass(frozen=True, slots=True)
class Written:
    """An entry to write: `needs` are the name, version and source of each entry that it lists."""

    name: str
    version: str
    source: str | None
    checksum: str | None
    needs: tuple[tuple[str, str, str | None], ...]
    replace: tuple[str, str, str | None] | None = None


def write(lock: CargoLock, entries: Iterable[Written], unused: Iterable[Entry]) -> str:
    """Give the text that cargo writes for these entries, in the lock's own format, header and line ending."""
    end = "\r\n" if "\r\n" in lock.text else "\n"
    ordered = sorted(entries, key=lambda one: (one.name, order(one.version), _kind(one.source), one.source or ""))
    counts: dict[str, dict[str, int]] = {}
    for one in ordered:
        versions = counts.setdefault(one.name, {})
        versions[one.version] = versions.get(one.version, 0) + 1

    def reference(key: tuple[str, str, str | None]) -> str:
        name, version, source = key
        versions = counts.get(name, {})
        if lock.format >= 2 and versions.get(version) == 1:
            return name if len(versions) == 1 else f"{name} {version}"
        return f"{name} {version}" + (f" ({source})" if source else "")

    out = [_header(lock, end)]
    for one in ordered:
        listed = [reference(key) for key in dict.fromkeys(one.needs)]
        listed = sorted(listed, key=_reference_order) if len(listed) > 1 else listed
        out.append(f'[[package]]{end}name = "{one.name}"{end}version = "{one.version}"{end}')
        if one.source:
            out.append(f'source = "{one.source}"{end}')
        if one.checksum:
            out.append(f'checksum = "{one.checksum}"{end}')
        if one.replace:
            out.append(f'replace = "{reference(one.replace)}"{end}')
        elif listed:
            out.append(f"dependencies = [{end}" + "".join(f' "{text}",{end}' for text in listed) + f"]{end}")
        out.append(end)
    for entry in unused:
        out.append(f'[[patch.unused]]{end}name = "{entry.name}"{end}version = "{entry.version}"{end}')
        out.append((f'source = "{entry.source}"{end}' if entry.source else "") + (f'checksum = "{entry.checksum}"{end}' if entry.checksum else "") + end)
    text = "".join(out) + lock.text[lock.tail :]
    if lock.format >= 2:
        while text.endswith(end * 2):
            text = text.removesuffix(end)
    return text


def _header(lock: CargoLock, end: str) -> str:
    """Give the head as cargo writes it: its two lines, further comments on top, the format."""
    comments = re.match(r"\ufeff?((?:#[^\r\n]*\r?\n)*)", lock.text)
    assert comments is not None
    lines = comments[1].splitlines()
    first, second = "# This file is automatically @generated by Cargo.", "# It is not intended for manual editing."
    kept = [line for i, line in enumerate(lines) if line != (first, second)[min(i, 1)] or i > 1]
    head = end.join([first, second, *kept]) + end
    return lock.text[: comments.start(1)] + head + (f"version = {lock.stated}{end}{end}" if lock.stated is not None else "")


def _reference_order(reference: str) -> tuple[str, str, int, str]:
    """Order references as cargo does: by name, then by the text of the version, then by source."""
    name, _, rest = reference.partition(" ")
    version, _, source = rest.partition(" ")
    return (name, version, _kind(source.strip("()") or None), source)


def _kind(source: str | None) -> int:
    """Rank kinds of sources; source: `impl Ord for SourceKind`."""
    if source is None:
        return 0
    return {"registry": 1, "sparse": 2}.get(source.partition("+")[0], 3)


@lru_cache(maxsize=4096)
def version_of(text: str) -> Version | None:
    """Read a version as cargo does, None when it is none."""
    try:
        return Version.read(text, Spelling.SEMVER)
    except VersionError:
        return None


_SEMVER = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?", re.ASCII)


@lru_cache(maxsize=16384)
def order(text: str) -> tuple[object, ...]:
    """Order versions as the semver crate does: a release after its pre-releases, build metadata last."""
    found = _SEMVER.fullmatch(text)
    if found is None:
        return (0, text)
    major, minor, patch, pre, build = found.groups()
    return (1, int(major), int(minor), int(patch), pre is None, _identifiers(pre), _identifiers(build))


def _identifiers(text: str | None) -> tuple[tuple[int, int, str], ...]:
    """Order identifiers by number, or by letter after all numbers."""
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in text.split(".")) if text else ()
