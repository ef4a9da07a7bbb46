"""pubspec.yaml: the version of a Dart package. The number of the build behind it (`1.2.0+34`) is the store's, and stays.

Source: https://dart.dev/tools/pub/pubspec#version
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.kin import stated
from lockstep.manifest import Manifest, Mention, Source
from lockstep.text.yaml_lines import top


def read(source: Source) -> Manifest:
    """Find the package's version."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    found = top(text)
    if "name" in found and (version := found.get("version")) is not None:
        yield from stated("version", found["name"].value, version.start, version.value.partition("+")[0], why="version of a Dart package")
