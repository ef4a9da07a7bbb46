"""Is pdm.lock the lock of these manifests? PDM compares a content hash: of the manifest, and in a workspace of each member's too.

Where PDM compares more than the hash (`lock_inputs`), or hashes what it converts from another tool's tables, nothing is said.

Source: pdm's src/pdm/project/project_file.py (`content_hash`), workspace.py (`content_hash`), lockfile/pdmlock.py (`compatibility`),
2.11 to 2.29.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lockstep.locks import content_hash
from lockstep.locks.content_hash import numbers
from lockstep.locks.stale import Hashed, Judged
from lockstep.manifest import Manifest, Source, inside, join
from lockstep.pattern import pattern
from lockstep.text.toml import Table

KEY = "content_hash"
LOCK = "pdm lock --update-reuse"
MAJOR, NEWEST = 4, (4, 5)
"""The format that PDM reads: 4, up to 4.5."""

FOLDER = pattern(r'^path = "([^"\\\r\n]*)"', re.MULTILINE)


def judge(source: Source, manifests: Mapping[str, Manifest], members: Sequence[str]) -> Judged:
    """Compare a lock with the manifest beside it; `members` are the folders of its workspace."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and few repositories have such a lock

    path = inside(source.folder, "pyproject.toml")
    paths = [path, *(inside(one, "pyproject.toml") for one in members)]
    tables = [found.document.data for name in paths if (found := manifests.get(name)) is not None and found.document is not None]
    if len(tables) != len(paths):
        return Judged(path=source.path, text=source.text)
    head = content_hash.metadata(source)
    if head is None:
        return Judged(path=source.path, text=source.text, stale=(content_hash.without_metadata(source, LOCK),))
    start, metadata = head
    stated = numbers(metadata.get("lock_version"))
    if stated[:1] != (MAJOR,) or stated[:2] > NEWEST:
        message = f"the lock states format {metadata.get('lock_version', 'none')}, but pdm reads {MAJOR} up to {'.'.join(map(str, NEWEST))}"
        return Judged(path=source.path, text=source.text, stale=(content_hash.malformed(source, start, message, LOCK),))
    have = metadata.get(KEY)
    algorithm, colon, _ = have.partition(":") if isinstance(have, str) else ("sha256", ":", "")
    if "lock_inputs" in metadata or not colon or algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        return Judged(path=source.path, text=source.text)
    names = [one[len(source.folder) + 1 if source.folder else 0 :] for one in members]
    wanted = [f"{algorithm}:{one}" for old in ((True, False) if stated < NEWEST else (False,)) if (one := _hash(algorithm, tables, names, old=old))]
    if not wanted or have in wanted:
        return Judged(path=source.path, text=source.text)
    stale = content_hash.hash_stale(source, start, KEY, path if not members else f"{path}, or that of a member,", have, wanted[0], LOCK)
    hashed = Hashed(
        text=content_hash.rewritten(source, KEY, start, wanted[0]),
        manifests=frozenset(paths),
        folders=content_hash.folders(join(source.folder, one[1]) for one in FOLDER.finditer(source.text)),
    )
    return Judged(path=source.path, text=source.text, stale=(stale,), hashed=hashed)


def workspace(data: Table) -> tuple[str, ...] | None:
    """Give the globs of a workspace's members; None where there is no workspace."""
    found = _table(data, "tool", "pdm", "workspace")
    members = found.get("members")
    return tuple(one for one in members if isinstance(one, str)) if isinstance(members, list) else () if found else None


def _hash(algorithm: str, tables: Sequence[Table], names: Sequence[str], *, old: bool) -> str | None:
    """Give the hash of a project, or of a workspace: the root's, then each member's behind its path."""
    import hashlib  # noqa: PLC0415 - loads OpenSSL, and few repositories have such a lock

    digests: list[str] = []
    for table in tables:
        text = _relevant(table, old=old)
        if text is None:
            return None
        digests.append(hashlib.new(algorithm, text, usedforsecurity=False).hexdigest())
    if workspace(tables[0]) is None:
        return digests[0]
    whole = digests[0].encode() + b"".join(b"\0" + name.encode() + b"\0" + digest.encode() for name, digest in sorted(zip(names, digests[1:], strict=True)))
    return hashlib.new(algorithm, whole, usedforsecurity=False).hexdigest()


def _relevant(data: Table, *, old: bool) -> bytes | None:
    """Give what PDM dumps; None where it converts the tables of Poetry or flit first, or says itself that it compares other things."""
    tool, project, pdm = _table(data, "tool"), _table(data, "project"), _table(data, "tool", "pdm")
    resolution = _table(pdm, "resolution")
    if ("project" not in data and {"poetry", "flit"} & {*tool}) or resolution.get("lock_inputs") is True:
        return None
    groups = dict(_table(pdm, "dev-dependencies"))
    if not old:
        named = {_normalized(name): items for name, items in _table(data, "dependency-groups").items()}
        more = {_normalized(name): items for name, items in groups.items()}
        if len(named) != len(_table(data, "dependency-groups")) or len(more) != len(groups) or {*named} & {*more}:
            return None
        groups = {**named, **more}
    return content_hash.canonical_json(
        {
            "sources": pdm.get("source", []),
            "dependencies": project.get("dependencies", []),
            "dev-dependencies": groups,
            "optional-dependencies": project.get("optional-dependencies", {}),
            "requires-python": project.get("requires-python", ""),
            **({"overrides": resolution.get("overrides", {})} if old else {"resolution": resolution}),
        }
    )


def _normalized(name: str) -> str:
    """Give a group's name as PDM compares it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).lower()


def _table(table: Table, *keys: str) -> Table:
    value: object = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
