"""Meson: `project('spam', 'c', version: '1.2.0')`, of which meson-python makes the version of a wheel.

Source: https://mesonbuild.com/Reference-manual_functions.html#project
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_PROJECT = pattern(r"^project[ \t]*\(\s*'(?P<name>[^'\r\n]+)'[^()]{0,3000}?(?<!\w)version[ \t]*:[ \t]*'(?P<version>[0-9][0-9A-Za-z.+-]{0,99})'", re.MULTILINE)
_WHOLE = pattern(VERSION)


def read(source: Source) -> Manifest:
    """Find the project's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    for found in _PROJECT.finditer(text):
        spelling = Spelling.PREFIX if _WHOLE.fullmatch(found["version"]) else Spelling.PEP440  # `236` is a version, and no prefix of 236.1
        yield mention("version", found["name"], found.start("version"), found["version"], spelling, why="version of a Meson project")
