"""bun.lock: the members of a workspace, and what they require of each other.

bun itself leaves the versions of members behind, and does not mind: such an entry moves with the release, and is never wrong.

Source: https://bun.com/docs/pm/lockfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.formats.npm_tables import requirements
from lockstep.manifest import At, Manifest, Mention, Source, join
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.text.json import members
from lockstep.versions.version import Spelling

_WORKSPACES = pattern(r"^  \"workspaces\":[ ]*(?=\{)", re.MULTILINE)
_END = pattern(r"\n {0,2}\}")
_COMMA = pattern(r"(?P<text>\"(?:[^\"\\\r\n]|\\.)*\")|,(?=\s*[}\]])")


def read(source: Source) -> Manifest:
    """Find the entries of folders of this repository."""
    found = _WORKSPACES.search(source.text)
    end = None if found is None else _END.search(source.text, found.end())
    if found is None or end is None:
        return Manifest(source=source)
    strict = " " * found.end() + _COMMA.sub(lambda one: one["text"] or " ", source.text[found.end() : end.end()])
    try:
        return Manifest(source=source, mentions=tuple(_mentions(source, strict, found.end())))
    except (ValueError, RecursionError):
        return Manifest(source=source)


def _mentions(source: Source, text: str, start: int) -> Iterator[Mention]:
    for entry in members(text, start):
        folder = join(source.folder, entry.key)
        if folder is None or not isinstance(entry.value, dict):
            continue
        inner = {member.key: member for member in members(text, entry.start)}
        version = inner.get("version")
        if version is not None and isinstance(version.value, str):
            yield Mention(
                key=f"workspaces.{entry.key or '.'}.version",
                start=version.start,
                text=version.value,
                role=Role.LOCK,
                spelling=Spelling.SEMVER,
                owner=At(folder, ""),
                why="lock entry of a folder of this repository",
                weak=True,
            )
        for one in requirements(text, inner, f"workspaces.{entry.key or '.'}.", Role.LOCK, home=folder):
            yield replace(one, weak=True)
