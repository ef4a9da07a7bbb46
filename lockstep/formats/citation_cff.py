"""CITATION.cff: the version that a paper should cite.

Source: https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md#version
"""

from __future__ import annotations

import re

from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("CITATION.cff",)

_VERSION = pattern(r"^version:[ \t]*([\"']?)v?(?P<version>[0-9][^\s\"'#]*)\1[ \t]*(?:#[^\r\n]*)?\r?$", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the top-level version; the versions of references are indented."""
    return Manifest(
        source=source,
        mentions=tuple(
            Mention(
                key="version",
                start=found.start("version"),
                text=found["version"],
                role=Role.MIRROR,
                spelling=Spelling.PREFIX,
                owner=Here(),
                weak=True,
                kept=True,
            )
            for found in _VERSION.finditer(source.text)
        ),
    )
