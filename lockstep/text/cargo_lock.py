"""Cargo.lock as text: its entries with their places, and the text that cargo would write for them.

The file is scanned block by block at anchored places; what is not written the way cargo writes it (hand-made, or older than 2018) is
parsed as TOML, judged, and never rewritten.

Sources: cargo's src/ops/lockfile.rs (the layout), src/resolver/encode.rs (versions 1 to 4, what a reference says, the order).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lockstep.dataclass import dataclass, field
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.text.toml import Table
from lockstep.versions.version import Spelling, Version

NEWEST = 4
"""The newest format that a stable cargo writes."""

_TEXT = r'[^"\\\x00-\x1f\x7f]*+'
_HEAD = pattern(r"\ufeff?(?:\#[^\x00-\x08\x0a-\x1f\x7f]*\r?\n)*(?:[ \t]*\r?\n)*(?:version = (?P<version>[0-9]+)\r?\n)?(?:[ \t]*\r?\n)*")
_BODY = (
    rf'name = "({_TEXT})"\r?\n'
    rf'version = "({_TEXT})"\r?\n'
    rf'(?:source = "({_TEXT})"\r?\n)?'
    rf'(?:checksum = "({_TEXT})"\r?\n)?'
    rf'(?:dependencies = \[\r?\n((?: "{_TEXT}",\r?\n)*+)\]\r?\n)?'
    rf'(?:replace = "({_TEXT})"\r?\n)?'
    r"(?:\r?\n)*"
)
_BLOCK = pattern(r"\[\[package\]\]\r?\n" + _BODY)
_UNUSED = pattern(r"\[\[patch\.unused\]\]\r?\n" + _BODY)
_NAME = pattern(r"""^name[ \t]*=[ \t]*["']([^"'\r\n]*)["']""", re.MULTILINE)
_TAIL = pattern(rf'(?:\[metadata\]\r?\n(?:"{_TEXT}" = "{_TEXT}"\r?\n)*)?(?:\r?\n)*')


class Entry(NamedTuple):
    """One package of a lock: `references` as they are written, `start` and `end` the offsets of its block.

    A named tuple, for a lock has thousands of them and a dataclass takes three times as long to make.
    """

    name: str
    version: str
    source: str | None
    checksum: str | None
    references: tuple[str, ...]
    replace: str | None
    start: int = 0
    end: int = 0

    @property
    def origin(self) -> str | None:
        """The source without the commit that it was locked to, which is no part of its identity."""
        return self.source.partition("#")[0] if self.source else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoLock:
    """A lock: `stated` is the format that it states, `exact` says that it is laid out as cargo does, so that it can be written again.

    `references` are all that its entries make; `tail` is the offset behind the last entry.
    """

    text: str = field(repr=False)
    entries: tuple[Entry, ...]
    references: frozenset[str] = field(repr=False)
    format: int
    unused: tuple[Entry, ...] = ()
    stated: int | None = None
    exact: bool = True
    tail: int = 0
    nameless: bool = False
    """Some entry has no name or no version."""


def read(text: str) -> CargoLock | None:
    """Read a lock; None when it is not laid out as cargo does it: then it must be parsed, and `tabled` reads it."""
    head = _HEAD.match(text)
    assert head is not None
    entries, end = _blocks(_BLOCK, text, head.end())
    unused, tail = _blocks(_UNUSED, text, end)
    rest = _TAIL.fullmatch(text, tail)
    stated = int(head["version"]) if head["version"] and len(head["version"]) < 10 else None
    if rest is None or (head["version"] and stated is None):
        return None
    references = _all_references(entries)
    return CargoLock(
        text=text, entries=entries, references=references, format=_format(text, entries, references, stated), unused=unused, stated=stated, tail=tail
    )


def _all_references(entries: Sequence[Entry]) -> frozenset[str]:
    return frozenset(entry.replace for entry in entries if entry.replace).union(*(entry.references for entry in entries))


def _format(text: str, entries: Sequence[Entry], references: Iterable[str], stated: int | None) -> int:
    """Give the format that a lock is written in: without a statement the first, unless something in it came with the second."""
    if stated is not None:
        return stated
    if any(entry.checksum for entry in entries) or any(" " not in one for one in references):
        return 2
    # A single entry says nothing; source: into_resolve, "we have a curious issue".
    return 2 if len(entries) == 1 and text.endswith("\n") and not text.endswith(("\n\n", "\n\r\n")) else 1


def _blocks(rule: re.Pattern[str], text: str, start: int) -> tuple[tuple[Entry, ...], int]:
    found = []
    match = rule.match
    while (block := match(text, start)) is not None:
        name, version, source, checksum, listed, replace = block.groups()
        end = block.end()
        references = tuple(listed.replace("\r", "")[2:-3].split('",\n "')) if listed else ()
        found.append(Entry(name, version, source, checksum, references, replace, start, end))
        start = end
    return tuple(found), start


def tabled(text: str, data: Table) -> CargoLock:
    """Read a parsed lock that nobody laid out as cargo does."""
    patch = data.get("patch")
    version = data.get("version")
    root = data.get("root")
    packages = data.get("package")
    tables = [*([root] if isinstance(root, dict) else []), *(packages if isinstance(packages, list) else [])]
    entries = tuple(_tables(tables, text))
    stated = version if isinstance(version, int) else None
    references = _all_references(entries)
    return CargoLock(
        text=text,
        entries=entries,
        references=references,
        format=_format(text, entries, references, stated),
        unused=tuple(_tables(patch.get("unused") if isinstance(patch, dict) else [], text)),
        stated=stated,
        exact=False,
        nameless=len(entries) != len(tables),
    )


def _tables(tables: object, text: str) -> Iterator[Entry]:
    places: dict[str, list[int]] = {}
    for found in _NAME.finditer(text):
        places.setdefault(found[1], []).append(found.start())
    for table in tables if isinstance(tables, list) else ():
        if not isinstance(table, dict) or not isinstance(name := table.get("name"), str) or not isinstance(version := table.get("version"), str):
            continue
        listed = table.get("dependencies")
        start = (places.get(name) or [0])[0]
        if len(places.get(name, ())) > 1:
            del places[name][0]
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

    def resolve(self, references: Iterable[str]) -> dict[str, Entry | None]:
        """Give what each reference names."""
        alone = {name: found[0] for name, found in self.named.items() if len(found) == 1}
        found: dict[str, Entry | None] = {**alone}
        found.update((one, self.find(one)) for one in frozenset(references) - alone.keys())
        return found

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
    """An entry to write: `needs` are the name, version and source of each entry that it lists, `lost` references as they stand."""

    name: str
    version: str
    source: str | None
    checksum: str | None
    needs: tuple[tuple[str, str, str | None], ...]
    replace: tuple[str, str, str | None] | None = None
    lost: tuple[str, ...] = ()


class Speller:
    """Spells references as cargo does among these entries: no more of version and source than tells them apart."""

    def __init__(self, entries: Iterable[tuple[str, str]], format_: int) -> None:
        self.short = format_ >= 2
        self.entries = Counter(entries)
        self.versions = Counter(name for name, _ in self.entries)

    def spell(self, name: str, version: str, source: str | None) -> str:
        """Give the reference to an entry."""
        if self.short and self.entries[name, version] == 1:
            return name if self.versions[name] == 1 else f"{name} {version}"
        return f"{name} {version}" + (f" ({source})" if source else "")


def settled(lock: CargoLock) -> Speller | None:
    """Give the speller of a lock in which every entry stands where cargo writes it and refers to others as cargo does; else None.

    The text of such entries can stay as it is.
    """
    text, entries = lock.text, lock.entries
    if not lock.exact or not entries or lock.format < 2 or lock.unused or lock.tail != len(text):
        return None
    end = line_end(text)
    if end == "\r\n" and not text.count("\r") == text.count("\n") == text.count(end):
        return None
    first = entries[0].start
    if text.count(f"{end}{end}[[package]]", first) != len(entries) - 1 or text.find(end * 3, first) != -1 or text.endswith(end * 2):
        return None
    names = [entry.name for entry in entries]
    if names != sorted(names) or any(entry.replace for entry in entries):
        return None
    speller = Speller(zip(names, [entry.version for entry in entries], strict=True), lock.format)
    unique = len(speller.versions) == len(names)
    if not unique:
        for i in range(1, len(names)):
            if names[i] == names[i - 1] and not _place(entries[i - 1]) < _place(entries[i]):
                return None
    known = set(names) if unique else {speller.spell(one.name, one.version, one.origin) for one in entries}
    if not lock.references <= known:
        return None
    by_source = "(" in "".join(lock.references)
    for entry in entries:
        listed = entry.references
        if len(listed) > 1 and sorted({*listed}, key=_reference_order if by_source else None) != [*listed]:
            return None
    return speller


def _place(one: Entry | Written) -> tuple[str, tuple[object, ...], int, str]:
    """Order entries as cargo does; what locks of git repositories add to the source is no part of it."""
    return (one.name, order(one.version), _kind(one.source), (one.source or "").partition("#")[0])


def block(one: Written, speller: Speller, end: str) -> str:
    """Give the text of one entry."""
    out = [f'[[package]]{end}name = "{one.name}"{end}version = "{one.version}"{end}']
    if one.source:
        out.append(f'source = "{one.source}"{end}')
    if one.checksum:
        out.append(f'checksum = "{one.checksum}"{end}')
    if one.replace:
        out.append(f'replace = "{speller.spell(*one.replace)}"{end}')
    elif one.needs or one.lost:
        listed = [*(speller.spell(*key) for key in dict.fromkeys(one.needs)), *one.lost]
        listed = sorted(listed, key=_reference_order) if len(listed) > 1 else listed
        out.append(f"dependencies = [{end}" + "".join(f' "{text}",{end}' for text in listed) + f"]{end}")
    out.append(end)
    return "".join(out)


def write(lock: CargoLock, entries: Iterable[Written], unused: Iterable[Entry], kept: Sequence[Entry] = ()) -> str:
    """Give the text that cargo writes for these entries, in the lock's own format, header and line ending.

    `kept` are entries of a settled lock, in their order, whose text stays as it is.
    """
    end = line_end(lock.text)
    ordered = sorted(entries, key=_place)
    speller = Speller([*((one.name, one.version) for one in ordered), *((one.name, one.version) for one in kept)], lock.format)
    out = [header(lock, end)]
    done = 0
    for one in ordered:
        until = bisect_right(kept, _place(one), done, key=_place)
        out += [_whole(lock.text, entry, end) for entry in kept[done:until]]
        out.append(block(one, speller, end))
        done = until
    out += [_whole(lock.text, entry, end) for entry in kept[done:]]
    out += [_unused_block(entry, end) for entry in unused]
    text = "".join(out) + lock.text[lock.tail :]
    if lock.format >= 2:
        while text.endswith(end * 2):
            text = text.removesuffix(end)
    return text


def line_end(text: str) -> str:
    """Give the line ending that a text is written with."""
    return "\r\n" if "\r\n" in text else "\n"


def _whole(text: str, entry: Entry, end: str) -> str:
    found = text[entry.start : entry.end]
    return found if found.endswith(end * 2) else found + end


def _unused_block(entry: Entry, end: str) -> str:
    source = f'source = "{entry.source}"{end}' if entry.source else ""
    checksum = f'checksum = "{entry.checksum}"{end}' if entry.checksum else ""
    return f'[[patch.unused]]{end}name = "{entry.name}"{end}version = "{entry.version}"{end}{source}{checksum}{end}'


def header(lock: CargoLock, end: str) -> str:
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


_SEMVER = pattern(r"([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?", re.ASCII)


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
