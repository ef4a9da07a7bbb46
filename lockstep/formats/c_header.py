"""C headers: `#define SPAM_VERSION "1.2.0"`, and SPAM_VERSION_MAJOR, _MINOR, _PATCH.

The numbers count only beside one another: together they must say the package's version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("include/**/*.{h,hpp}", "*.{h,hpp}", "src/*.{h,hpp}", "cbindgen.toml")

_TEXT = pattern(r"^[ \t]*#[ \t]*define[ \t]+(?P<name>\w*VERSION(?:_STR|_STRING)?)[ \t]+\"v?(?P<version>[0-9][0-9A-Za-z.+-]*)\"", re.MULTILINE)
_PART = pattern(r"^[ \t]*#[ \t]*define[ \t]+(?P<stem>\w*VERSION)_(?P<part>MAJOR|MINOR|PATCH)[ \t]+\(?(?P<number>[0-9]+)\)?", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the version macros."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    for found in _TEXT.finditer(text):
        yield replace(_mention(found["name"], found.start("version"), found["version"], Spelling.PREFIX), kept=True)
    stems: dict[str, dict[str, re.Match[str]]] = {}
    for found in _PART.finditer(text):
        stems.setdefault(found["stem"], {})[found["part"]] = found
    for stem, parts in stems.items():
        if set(parts) == {"MAJOR", "MINOR", "PATCH"}:
            whole = ".".join(str(int(parts[part]["number"])) for part in ("MAJOR", "MINOR", "PATCH"))
            for part, found in parts.items():
                yield _mention(f"{stem}_{part}", found.start("number"), found["number"], Spelling[part], whole)


def _mention(key: str, start: int, text: str, spelling: Spelling, whole: str = "") -> Mention:
    return Mention(key=key, start=start, text=text, role=Role.MIRROR, spelling=spelling, owner=Here(), weak=True, whole=whole)
