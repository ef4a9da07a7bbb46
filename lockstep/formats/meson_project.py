"""Meson: `project('spam', 'c', version: '1.2.0')`.

Source: https://mesonbuild.com/Reference-manual_functions.html#project
"""

from __future__ import annotations

import re

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_PROJECT = pattern(rf"^project[ \t]*\(\s*'(?P<name>[^'\r\n]+)'[^()]{{0,3000}}?(?<!\w)version[ \t]*:[ \t]*'{VERSION}'", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the project's version."""
    return Manifest(
        source=source,
        mentions=tuple(
            mention("version", found["name"], found.start("version"), found["version"], Spelling.PREFIX, why="version of a Meson project")
            for found in _PROJECT.finditer(source.text)
        ),
    )
