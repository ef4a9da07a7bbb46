"""The hash by which a lock knows its manifest again, and the table that holds it: what poetry.lock and pdm.lock have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lockstep.locks.stale import Fault, Stale
from lockstep.manifest import Source
from lockstep.model import Level
from lockstep.pattern import pattern
from lockstep.text.toml import Table, values

_METADATA = pattern(r"^\[metadata\][ \t]*\r?\n(?:(?!\[).*(?:\r?\n|\Z))*", re.MULTILINE)

_TEXT = r'(?:"(?:[^"\\\x00-\x1f]|\\.)*"|\'[^\'\x00-\x1f]*\')'
_KEY = rf"(?:[\w-]+|{_TEXT})"
_NAME = rf"{_KEY}(?:\.{_KEY})*"
_SCALAR = rf"(?:{_TEXT}|[0-9.]+|true|false)"
_LIST = rf"\[(?:{_SCALAR}(?:, {_SCALAR})*)?\]"
_INLINE = rf"\{{ ?(?:{_KEY} ?= ?(?:{_SCALAR}|{_LIST}),? ?)*\}}"
_VALUE = rf"(?:{_SCALAR}|{_INLINE}|\[(?:{_SCALAR}|{_INLINE})?(?:, ?(?:{_SCALAR}|{_INLINE}))*\]|\[\r?\n(?:[ \t]+(?:{_SCALAR}|{_INLINE}),?\r?\n)*+\])"
_LINE = rf"(?:\[\[{_NAME}\]\]|\[{_NAME}\]|{_NAME} = {_VALUE}|\#[^\r\n\x00-\x08]*|[ \t]*)"
_PLAIN = pattern(rf"(?:{_LINE}\r?\n)*+{_LINE}?")


def is_plain(text: str) -> bool:
    """Say whether a text is TOML as these tools write it, line by line: tomli needs a second for a megabyte of it."""
    return _PLAIN.fullmatch(text) is not None


def metadata(source: Source) -> tuple[int, Table] | None:
    """Give the place and the values of `[metadata]`; None where a lock has none, or two."""
    blocks = list(_METADATA.finditer(source.text))
    if len(blocks) != 1:
        return None
    try:
        found = values(blocks[0][0])["metadata"]
    except ValueError:  # a key stands twice in it
        return None
    return (blocks[0].start(), found) if isinstance(found, dict) else None


def canonical_json(table: Table) -> bytes | None:
    """Give what both tools hash; None for values that they cannot dump: dates and times."""
    try:
        import json  # noqa: PLC0415 - only a lock of this kind pays for it

        return json.dumps(table, sort_keys=True).encode()
    except TypeError:
        return None


def rewritten(source: Source, key: str, start: int, new: str) -> str:
    """Give the text of a lock with another hash in its `[metadata]`, which starts at `start`."""
    line = re.compile(rf'^({key} = ["\'])[^"\'\r\n]*', re.MULTILINE)
    return source.text[:start] + line.sub(lambda found: found[1] + new, source.text[start:], count=1)


def malformed(source: Source, offset: int, message: str, command: str) -> Stale:
    """Say that a lock is none."""
    help_ = f"restore the lock from git, or delete it and run {command}"
    return Stale(fault=Fault.MALFORMED, level=Level.ERROR, place=source.place(offset), message=message, help=help_)


def without_metadata(source: Source, command: str) -> Stale:
    """Say that a lock has no `[metadata]` that can be read."""
    if len(_METADATA.findall(source.text)) > 1:
        return malformed(source, source.text.rfind("\n[metadata]") + 1, "[metadata] stands twice in the lock: a merge may have kept both", command)
    return malformed(source, max(len(source.text.rstrip()) - 1, 0), "the lock has no [metadata] that can be read: it is cut off, or no lock", command)


def hash_stale(source: Source, start: int, key: str, manifest: str, have: object, want: str, command: str) -> Stale:
    """Say that the manifest is not the one that the lock was made for."""
    offset = found.start() + start if (found := re.search(rf"^{key} = ", source.text[start:], re.MULTILINE)) else start
    what = f"its {key} is {_short(have)}, that of the manifest {_short(want)}" if isinstance(have, str) else f"it has no {key}"
    return Stale(
        fault=Fault.HASH,
        level=Level.ERROR,
        place=source.place(offset),
        message=f"{manifest} has changed since the lock was made: {what}",
        help=command,
        old=have if isinstance(have, str) else None,
        new=want,
    )


def _short(digest: object) -> str:
    return str(digest).rpartition(":")[2][:12]


def numbers(text: object) -> tuple[int, ...]:
    """Give the numbers that a version starts with; none where it starts with none."""
    found = re.match(r"[0-9]{1,9}(?:\.[0-9]{1,9})*", text) if isinstance(text, str) else None
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def folders(found: Iterable[str | None]) -> frozenset[str]:
    """Give the folders that are in the repository."""
    return frozenset(one for one in found if one is not None)
