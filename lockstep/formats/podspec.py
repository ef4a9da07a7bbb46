"""A .podspec: `s.version`, and the tag or archive of `s.source` that says it too.

A pod whose archive has a checksum is what was released last: it moves with the release only where it did before.

Source: https://guides.cocoapods.org/syntax/podspec.html#version
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention, within
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern

_NAME = pattern(r"^[ \t]*\w+\.name[ \t]*=[ \t]*[\"'](?P<name>[^\"'\r\n]+)", re.MULTILINE)
_VERSION = pattern(rf"^[ \t]*(?:\w+\.)?version[ \t]*=[ \t]*[\"']{VERSION}[\"']", re.MULTILINE)
_SOURCE = pattern(r"^[ \t]*\w+\.source[ \t]*=[ \t]*(?P<body>\{[^{}]{0,2000}(?:#\{[^{}]*\}[^{}]{0,2000}){0,9}\})", re.MULTILINE)
_CHECKSUM = pattern(r":?sha(?:1|256)[\"']?[ \t]*(?:=>|:)[ \t]*[\"'][0-9a-fA-F]{20,}")


def read(source: Source) -> Manifest:
    """Find the pod's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    named = _NAME.search(text)
    bodies = [found.span("body") for found in _SOURCE.finditer(text)]
    fixed = any(_CHECKSUM.search(text, *span) for span in bodies)
    name = "" if fixed or named is None else named["name"]
    for found in _VERSION.finditer(text):
        yield mention("version", name, found.start("version"), found["version"], why="version of a pod", beside=not fixed)
    for start, end in bodies:
        yield from within("source", name, text, start, end, why="where the pod's source is", beside=False)
