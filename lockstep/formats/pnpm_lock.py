"""pnpm-lock.yaml: what members of a workspace require of each other by version; `pnpm install --frozen-lockfile` compares it.

Source: https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.npm_tables import states_version
from lockstep.manifest import Manifest, Mention, Named, Source, join
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_IMPORTER = pattern(r"^  '?(?P<path>[^\s':][^\r\n':]*)'?:[ \t]*\r?$", re.MULTILINE)
_LINK = pattern(r"^[ ]+version: '?link:", re.MULTILINE)
_ENTRY = pattern(r"^[ ]+'?(?P<name>@?[\w./-]+)'?:\r?\n[ ]+specifier: (?P<quote>'?)(?P<range>[^'\r\n]+)(?P=quote)\r?\n[ ]+version:", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the requirements that are met by a folder of the workspace."""
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    text, importers = source.text, _IMPORTER.finditer(source.text)
    following, home = next(importers, None), source.folder
    for link in _LINK.finditer(text):
        while following is not None and following.start() < link.start():
            home, following = join(source.folder, following["path"]) or "", next(importers, None)
        start = text.rfind("\n", 0, max(0, text.rfind("\n", 0, max(0, link.start() - 1)))) + 1
        found = _ENTRY.match(text, start)
        if found is not None and states_version(found["range"]):
            yield Mention(
                key=f"importers {found['name']}",
                start=found.start("range"),
                text=found["range"],
                role=Role.LOCK,
                spelling=Spelling.NPM_RANGE,
                owner=Named(Ecosystem.NPM, found["name"]),
                why="requirement on a package of this repository",
                weak=True,
                home=home,
            )
