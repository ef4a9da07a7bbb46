"""Is poetry.lock the lock of this manifest? Poetry refuses to install from one whose content hash is another.

The keys that count changed with Poetry: up to 1.8 some of `[tool.poetry]`, from 2.0 those of `[project]` too, from 2.3 also
`[dependency-groups]`. A lock is fresh when the Poetry that wrote it, or today's, says so. The version is not among the keys.

Source: poetry's src/poetry/packages/locker.py (`_get_content_hash`, `is_fresh`, `_READ_VERSION_RANGE`), 1.0 to 2.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lockstep.locks import content_hash
from lockstep.locks.content_hash import numbers
from lockstep.locks.stale import Hashed, Judged
from lockstep.manifest import Manifest, Source, inside, join
from lockstep.pattern import pattern
from lockstep.text.toml import Table

KEY = "content-hash"
LEGACY = ("dependencies", "source", "extras", "dev-dependencies")
RELEVANT = (*LEGACY, "group")
PROJECT = ("requires-python", "dependencies", "optional-dependencies")

_WRITER = pattern(r"#[^\n]*Poetry ([^ \r\n]+)")
FOLDER = pattern(r'^\[package\.source\]\r?\ntype = "directory"\r?\nurl = "([^"\\\r\n]*)"', re.MULTILINE)


def judge(source: Source, manifests: Mapping[str, Manifest]) -> Judged:
    """Compare a lock with the manifest beside it."""
    manifest = manifests.get(inside(source.folder, "pyproject.toml"))
    document = manifest.document if manifest is not None else None
    if manifest is None or document is None or not (document.table("tool", "poetry") or document.table("project")):
        return Judged(path=source.path, text=source.text)
    writer = numbers(found[1]) if (found := _WRITER.match(source.text)) else ()
    head = content_hash.metadata(source)
    stated = numbers(head[1].get("lock-version", "1.0")) if head else ()
    command = "poetry lock" if (writer or stated) >= (2,) and writer[:1] != (1,) else "poetry lock --no-update"
    if head is None:
        return Judged(path=source.path, text=source.text, stale=(content_hash.without_metadata(source, command),))
    start, metadata = head
    if not (1,) <= stated < (3,):
        message = f"the lock states format {metadata.get('lock-version')}, but poetry reads 1 and 2"
        return Judged(path=source.path, text=source.text, stale=(content_hash.malformed(source, start, message, command),))
    wanted = _accepted(document.data, writer, stated)
    have = metadata.get(KEY)
    if not wanted or have in wanted:
        return Judged(path=source.path, text=source.text)
    stale = content_hash.hash_stale(source, start, KEY, manifest.source.path, have, wanted[0], command)
    hashed = Hashed(
        text=content_hash.rewritten(source, KEY, start, wanted[0]),
        manifests=frozenset({manifest.source.path}),
        folders=content_hash.folders(join(source.folder, one[1]) for one in FOLDER.finditer(source.text)),
    )
    return Judged(path=source.path, text=source.text, stale=(stale,), hashed=hashed)


def _accepted(data: Table, writer: tuple[int, ...], stated: tuple[int, ...]) -> tuple[str, ...]:
    """Give the hashes that are right, first the one that the lock's writer makes; none where Poetry cannot make one."""
    old = writer < (2,) if writer else stated < (2, 1)
    found = [_hash(_legacy(data))] if old else []
    if writer < (2, 3) and writer:
        found.append(_hash(_modern(data, {})))
    found.append(_hash(_modern(data, _table(data, "dependency-groups"))))
    return tuple(one for one in found if one is not None)


def _legacy(data: Table) -> Table:
    poetry = _table(_table(data, "tool"), "poetry")
    return {key: poetry.get(key) for key in RELEVANT if key in LEGACY or poetry.get(key) is not None}


def _modern(data: Table, groups: Table) -> Table:
    project = {key: value for key in PROJECT if (value := _table(data, "project").get(key)) is not None}
    poetry = _legacy(data)
    if not project and not groups:
        return poetry
    relevant: Table = {"project": project} if project else {}
    if groups:
        relevant["dependency-groups"] = groups
    return {**relevant, "tool": {"poetry": {key: value for key, value in poetry.items() if value is not None}}}


def _hash(values: Table) -> str | None:
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and few repositories have such a lock

    text = content_hash.canonical_json(values)
    return None if text is None else hashlib.sha256(text).hexdigest()


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, dict) else {}
