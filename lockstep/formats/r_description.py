"""DESCRIPTION: the version of an R package, which is numbers alone.

Source: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_NAME = pattern(r"^Package:[ \t]*(?P<name>[\w.]+)", re.MULTILINE)
_VERSION = pattern(r"^Version:[ \t]*(?P<version>[0-9]+(?:\.[0-9]+){2,3})[ \t]*\r?$", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the package's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    named = _NAME.search(text)
    for found in _VERSION.finditer(text) if named is not None else ():
        yield mention("Version", named["name"] if named else "", found.start("version"), found["version"], Spelling.NUMBERS, why="version of an R package")
