"""DESCRIPTION: the version of an R package, which is numbers alone.

A fourth number may be the revision of the package for R (`1.2.0.1`), which stays. That it is none of the version, and no mark of what is developed
(`1.2.0.9000`), only history tells.

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
_VERSION = pattern(r"^Version:[ \t]*(?P<version>(?P<three>[0-9]+(?:\.[0-9]+){2})(?P<revision>\.[0-9]+)?)[ \t]*\r?$", re.MULTILINE)
_MARK = len(".9000")


def read(source: Source) -> Manifest:
    """Find the package's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    named, why = _NAME.search(text), "version of an R package"
    for found in _VERSION.finditer(text) if named is not None else ():
        yield mention("Version", named["name"] if named else "", found.start("version"), found["version"], Spelling.NUMBERS, why=why)
        if found["revision"] and len(found["revision"]) < _MARK:
            yield mention(f"Version, revision {found['revision']}", "", found.start("three"), found["three"], Spelling.NUMBERS, why=why, beside=False)
