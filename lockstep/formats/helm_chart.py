"""A Helm chart: `appVersion`, the version of what it installs, and `version`, its own, which may have a life of its own.

Source: https://helm.sh/docs/topics/charts/#the-chartyaml-file
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.kin import stated
from lockstep.manifest import Manifest, Mention, Source
from lockstep.text.yaml_lines import top

_NEW = ("0.1.0", "0.0.1", "1.0.0")
"""What a chart starts with: that an application is at it too proves nothing."""


def read(source: Source) -> Manifest:
    """Find the two versions."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    found = top(text)
    name = found["name"].value if "name" in found else ""
    if (app := found.get("appVersion")) is not None:
        bare = app.value.removeprefix("v")
        yield from stated("appVersion", name, app.start + len(app.value) - len(bare), bare, why="version of the application that a Helm chart installs")
    if (own := found.get("version")) is not None:
        yield from stated("version", "" if own.value in _NEW else name, own.start, own.value, why="version of a Helm chart", beside=False)
