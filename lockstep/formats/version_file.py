"""A file that holds nothing but the version, or says `version = "..."` in a language of its own."""

from __future__ import annotations

import re

from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("VERSION", "VERSION.txt", "version.txt", "version", ".version")

_VERSION = r"v?(?P<version>[0-9]++(?:\.[0-9]+)++[0-9A-Za-z.+-]*+)"
_ALONE = pattern(rf"\s*+{_VERSION}\s*+")
_ASSIGNED = pattern(rf"^(?![^\r\n]{{2000}})[^\r\n#]*?\bversion\b[^\r\n0-9=:]*+[=:]?[ \t]*+[\"']?{_VERSION}[\"']?", re.MULTILINE | re.IGNORECASE)


def read(source: Source) -> Manifest:
    """Find the version: the whole text, else the first assignment of something that ends in `version`."""
    if len(source.text) > 100_000:
        return Manifest(source=source)
    found = _ALONE.fullmatch(source.text) or _ASSIGNED.search(source.text)
    if found is None:
        return Manifest(source=source)
    mention = Mention(key="version", start=found.start("version"), text=found["version"], role=Role.MIRROR, spelling=Spelling.PREFIX, owner=Here(), weak=True)
    return Manifest(source=source, mentions=(mention,))
