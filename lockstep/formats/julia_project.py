"""Project.toml: the version of a Julia package. What it requires of others stands in tables below.

Source: https://pkgdocs.julialang.org/v1/toml-files/#The-version-field
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern

_TABLE = pattern(r"^[ \t]*\[", re.MULTILINE)
_NAME = pattern(r"^name[ \t]*=[ \t]*\"(?P<name>\w+)\"", re.MULTILINE)
_UUID = pattern(r"^uuid[ \t]*=", re.MULTILINE)
_VERSION = pattern(rf"^version[ \t]*=[ \t]*\"{VERSION}\"", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the package's version; an environment has neither name nor uuid."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    table = _TABLE.search(text)
    end = len(text) if table is None else table.start()
    named = _NAME.search(text, 0, end)
    for found in _VERSION.finditer(text, 0, end) if named is not None and _UUID.search(text, 0, end) else ():
        yield mention("version", named["name"] if named else "", found.start("version"), found["version"], why="version of a Julia package")
