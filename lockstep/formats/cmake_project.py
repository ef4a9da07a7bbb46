"""CMake: `project(spam VERSION 1.2.0)`, `set(SPAM_VERSION "1.2.0")`, and `set(VERSION_MAJOR 1)` with its two neighbours.

Source: https://cmake.org/cmake/help/latest/command/project.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_PROJECT = pattern(
    r"^[ \t]*project[ \t]*\(\s*\"?(?P<name>[\w.+-]+)\"?\s[^()]{0,2000}?(?<!\w)VERSION\s+\"?(?P<version>[0-9]+(?:\.[0-9]+){2,3})\"?[\s)]",
    re.MULTILINE | re.IGNORECASE,
)
_SET = pattern(rf"^[ \t]*set[ \t]*\(\s*(?P<name>\w*?)_?VERSION\s+\"?{VERSION}\"?[\s)]", re.MULTILINE | re.IGNORECASE)
_PART = pattern(r"^[ \t]*set[ \t]*\(\s*(?P<stem>\w*)VERSION_(?P<part>MAJOR|MINOR|PATCH)\s+\"?(?P<number>[0-9]{1,19})\"?[\s)]", re.MULTILINE)
_LARGEST = 1_000_000


def read(source: Source) -> Manifest:
    """Find the versions that a CMake file states."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)) if len(source.text) <= _LARGEST else ())


def _mentions(text: str) -> Iterator[Mention]:
    for found in _PROJECT.finditer(text):
        yield mention("project VERSION", found["name"], found.start("version"), found["version"], Spelling.NUMBERS, why="version of a CMake project")
    for found in _SET.finditer(text):
        is_own = found["name"].upper() in ("", "PROJECT")
        name = "" if is_own else found["name"]
        yield mention(
            f"set {found['name']}_VERSION", name, found.start("version"), found["version"], Spelling.PREFIX, why="version that CMake is told", beside=is_own
        )
    stems: dict[str, dict[str, re.Match[str]]] = {}
    for found in _PART.finditer(text):
        stems.setdefault(found["stem"], {}).setdefault(found["part"], found)
    for stem, parts in stems.items():
        if len(parts) < 3:
            continue
        whole = ".".join(str(int(parts[part]["number"])) for part in ("MAJOR", "MINOR", "PATCH"))
        name = stem.rstrip("_")
        for part, found in parts.items():
            one = mention(
                f"set {stem}VERSION_{part}", name, found.start("number"), found["number"], Spelling[part], why="one number of the version", beside=not name
            )
            yield replace(one, whole=whole, kept=False)
