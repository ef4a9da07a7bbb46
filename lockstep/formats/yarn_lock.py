"""yarn.lock of Yarn 2 and later: what members of a workspace require of each other by version. Yarn 1 keeps nothing of them.

Source: https://yarnpkg.com/features/workspaces
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.npm_tables import states_version
from lockstep.manifest import Manifest, Mention, Named, Source, join
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_ENTRY = pattern(r"^\"(?P<keys>[^\"\r\n]*@workspace:[^\"\r\n]*)\":[ \t]*\r?\n(?P<body>(?:[ \t]+[^\n]*(?:\n|\Z))*)", re.MULTILINE)
_KEY = pattern(r"(?:^|, )(?P<name>@?[^@,\s]+)@(?:npm:)?(?P<range>[^,\"\r\n]+)")
_FOLDER = pattern(r"@workspace:(?P<path>[^,\"\s]+)")
_DEPENDENCY = pattern(r"^    \"?(?P<name>@?[\w./-]+)\"?: \"?(?:npm:)?(?P<range>[^\"\r\n]*[^\"\r\n \t])\"?[ \t]*+\r?$", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the requirements of, and on, the folders of a workspace."""
    return Manifest(source=source, mentions=tuple(_mentions(source)) if "@workspace:" in source.text else ())


def _mentions(source: Source) -> Iterator[Mention]:
    for entry in _ENTRY.finditer(source.text):
        folder = _FOLDER.search(entry["keys"])
        home = join(source.folder, folder["path"]) if folder is not None else None
        start = entry.start("keys")
        for found in _KEY.finditer(entry["keys"]):
            if states_version(found["range"]):
                yield _mention("entry", found, start, home)
        for found in _DEPENDENCY.finditer(source.text, *entry.span("body")):
            if states_version(found["range"]):
                yield _mention("dependencies", found, 0, home)


def _mention(key: str, found: re.Match[str], offset: int, home: str | None) -> Mention:
    return Mention(
        key=f"{key} {found['name']}",
        start=offset + found.start("range"),
        text=found["range"],
        role=Role.LOCK,
        spelling=Spelling.NPM_RANGE,
        owner=Named(Ecosystem.NPM, found["name"]),
        why="requirement on a package of this repository",
        weak=True,
        home=home,
    )
