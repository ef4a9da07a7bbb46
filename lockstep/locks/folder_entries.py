"""The entries of a lock that stand for a folder of the repository, in the layout that poetry.lock and pdm.lock share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import At, Mention, Source, join
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_ENTRY = pattern(r'\[\[package\]\][ \t]*\r?\nname = "(?P<name>[^"\\\r\n]+)"\r?\nversion = "(?P<version>[^"\\\r\n]*)"')
HEADER = "[[package]]"


def mentions(source: Source, folder: re.Pattern[str]) -> Iterator[Mention]:
    """Give the version of each entry in which `folder` finds a path."""
    for found in folder.finditer(source.text):
        entry = _ENTRY.match(source.text, max(source.text.rfind(HEADER, 0, found.start()), 0))
        where = join(source.folder, found[1])
        if entry is not None and where is not None:
            yield Mention(
                key=f"{entry['name']}.version",
                start=entry.start("version"),
                text=entry["version"],
                role=Role.LOCK,
                spelling=Spelling.PEP440,
                owner=At(where, entry["name"]),
                why="lock entry of a folder of this repository",
            )
