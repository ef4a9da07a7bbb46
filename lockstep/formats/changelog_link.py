"""The compare link of what is not released yet: `.../compare/v0.5.0...HEAD` starts at the last release.

Headings and entries are history; only this link moves with a release. While entries stand under Unreleased it is them that it shows, and
no place of its own: it moves when they become a release, which `lockstep.plans.promotion` sees to.

Source: https://keepachangelog.com/en/1.1.0/
"""

from __future__ import annotations

import re

from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.release_links import TO_BRANCH
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("CHANGELOG*", "CHANGES*", "HISTORY*", "NEWS*", "docs/{changelog,CHANGELOG,changes}.{md,rst}")

_UNRELEASED = pattern(r"^\#{1,3}[ \t]*\[?unreleased\b[^\r\n]*\r?\n(?P<body>(?:(?!\#{1,2}[ \t])[^\n]*\n)*)", re.MULTILINE | re.IGNORECASE)
_FURNITURE = pattern(r"(?:\[[^\]]*\](?::|\()[^\n]*|\#+[^\n]*|<!--[^\n]*-->)?")


def read(source: Source) -> Manifest:
    """Find the links that compare a release with a branch, unless entries wait under Unreleased."""
    waiting = _UNRELEASED.search(source.text)
    if waiting and not all(_FURNITURE.fullmatch(line.strip(" \t\r")) for line in waiting["body"].split("\n")):
        return Manifest(source=source)
    return Manifest(
        source=source,
        mentions=tuple(
            Mention(
                key="compare link",
                start=found.start("version"),
                text=found["version"],
                role=Role.MIRROR,
                spelling=Spelling.PREFIX,
                owner=Here(),
                why="compare link from the last release to the branch",
                weak=True,
            )
            for found in TO_BRANCH.finditer(source.text)
        ),
    )
