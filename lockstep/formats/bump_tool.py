"""What other version tools believe the version to be: bump-my-version, bumpversion, tbump, commitizen.

Such a tool refuses to run, or does the wrong thing, when its own copy is left behind.
"""

from __future__ import annotations

import re

from lockstep.declaration import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = (".bumpversion.toml", ".bumpversion.cfg", "setup.cfg", "tbump.toml", ".cz.toml", ".cz.json", ".release-please-manifest.json")

_VERSION = r"v?(?P<version>[0-9]+(?:\.[0-9]+)+[0-9A-Za-z.+-]*)"
_STATE = re.compile(
    rf"^[ \t]*(?:current_version[ \t]*=[ \t]*[\"']?{_VERSION}[\"']?[ \t]*\r?$)"
    rf"|^\[version\][ \t]*\r?\n(?:[^\[\r\n]*\r?\n)*?current[ \t]*=[ \t]*\"{_VERSION.replace('version', 'tbump')}\""
    rf"|^[ \t]*\"?(?:version|\.)\"?[ \t]*[:=][ \t]*\"{_VERSION.replace('version', 'other')}\"",
    re.MULTILINE,
)


def read(source: Source) -> Manifest:
    """Find the tool's own copy."""
    return Manifest(
        source=source,
        mentions=tuple(
            Mention(
                key="current_version",
                start=found.start(found.lastgroup or 0),
                text=found[found.lastgroup or 0],
                role=Role.MIRROR,
                spelling=Spelling.PREFIX,
                owner=Here(),
                why="the copy that another version tool keeps",
                weak=True,
            )
            for found in _STATE.finditer(source.text)
            if source.path.rpartition("/")[2] != "setup.cfg" or "bumpversion" in source.text[: found.start()]
        ),
    )
