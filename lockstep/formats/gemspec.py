"""A gem: `spec.version` of its .gemspec, and `VERSION` of lib/**/version.rb.

Source: https://guides.rubygems.org/specification-reference/#version
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_NAME = pattern(r"^[ \t]*\w+\.name[ \t]*=[ \t]*[\"'](?P<name>[^\"'\r\n]+)", re.MULTILINE)
_SPEC = pattern(rf"^[ \t]*\w+\.version[ \t]*=[ \t]*[\"']{VERSION}[\"']", re.MULTILINE)
_CONSTANT = pattern(rf"^[ \t]*VERSION[ \t]*=[ \t]*[\"']{VERSION}[\"']", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the gem's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    folders = source.path.split("/")[:-1]
    if source.path.endswith(".gemspec"):
        shape, named = _SPEC, _NAME.search(source.text)
        name = named["name"] if named is not None else ""
    elif "lib" in folders:
        at = len(folders) - folders[::-1].index("lib")
        shape, name = _CONSTANT, "-".join(folders[at:]) or "".join(folders[at - 2 : at - 1])
    else:
        return
    for found in shape.finditer(source.text):
        yield mention("version", name, found.start("version"), found["version"], Spelling.PREFIX, why="version of a gem")
