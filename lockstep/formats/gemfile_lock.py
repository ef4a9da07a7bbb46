"""Gemfile.lock: gems that lie in a folder of the repository, what they require of each other, and the line of each among the checksums.

Only what stands below `PATH` is ours; `GEM` is what RubyGems serves.

Source: https://bundler.io/guides/rationale.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

_SECTION = pattern(r"^(?P<name>[A-Z][A-Z ]*)\r?$", re.MULTILINE)
_SPEC = pattern(rf"^    (?P<name>[\w.-]+) \({VERSION}\)\r?$", re.MULTILINE)
_NEED = pattern(rf"^      (?P<name>[\w.-]+) \(= {VERSION}\)\r?$", re.MULTILINE)
_CHECKSUM = pattern(rf"^  (?P<name>[\w.-]+) \({VERSION}\)", re.MULTILINE)


def read(source: Source) -> Manifest:
    """Find the entries of gems in this repository."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    sections = [(one["name"], one.end()) for one in _SECTION.finditer(text)]
    ends = [*(start for _, start in sections[1:]), len(text)]
    spans = [(name, start, end) for (name, start), end in zip(sections, ends, strict=False)]
    ours = {found["name"] for name, start, end in spans if name == "PATH" for found in _SPEC.finditer(text, start, end)}
    for name, start, end in spans:
        shapes = {"PATH": (_SPEC, _NEED), "CHECKSUMS": (_CHECKSUM,)}.get(name, ())
        for found in (found for shape in shapes for found in shape.finditer(text, start, end)):
            if found["name"] in ours:
                yield mention(f"{name} {found['name']}", found["name"], found.start("version"), found["version"], Spelling.PREFIX, why="lock entry of a gem")
