"""pixi.lock: the entries of packages that lie in the repository; what they depend on is somebody else's.

Source: https://pixi.sh/latest/workspace/lockfile/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import At, Manifest, Mention, Source, join
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_ENTRY = pattern(r"^- (?:pypi|conda): (?P<path>\.[^\s#]*)[ \t]*\r?\n(?P<body>(?:[ \t]+[^\n]*(?:\n|\Z))*)", re.MULTILINE)
_VERSION = pattern(r"^  version:[ \t]*(?P<quote>[\"']?)(?P<version>[0-9][^\s\"'#]*)(?P=quote)[ \t]*\r?$", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the entries of folders of this repository."""
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    for entry in _ENTRY.finditer(source.text):
        found = _VERSION.search(source.text, *entry.span("body"))
        folder = join(source.folder, entry["path"])
        if found is not None and folder is not None:
            yield Mention(
                key=f"package {entry['path']}",
                start=found.start("version"),
                text=found["version"],
                role=Role.LOCK,
                spelling=Spelling.PEP440,
                owner=At(folder, ""),
                why="lock entry of a folder of this repository",
                weak=True,
            )
