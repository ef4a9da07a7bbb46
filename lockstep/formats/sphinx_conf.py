"""Sphinx's conf.py: `release`, the full version, and `version`, often its major.minor.

Source: https://www.sphinx-doc.org/en/master/usage/configuration.html#confval-release
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Ecosystem, Role
from lockstep.text.python import Module
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("docs/conf.py", "docs/source/conf.py", "doc/conf.py", "doc/source/conf.py", "docs/src/conf.py")


def read(source: Source) -> Manifest:
    """Find literal `release` and `version`."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    try:
        module = Module(text)
    except SyntaxError:
        return
    for name, value in module.assigned():
        if name in ("release", "version") and (literal := module.version(value)) and literal[2] is Spelling.PEP440:
            yield Mention(key=name, start=literal[0], text=literal[1], role=Role.MIRROR, spelling=Spelling.PREFIX, owner=Here(), weak=True, kept=True)
