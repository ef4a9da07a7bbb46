"""What other version tools believe the version to be: bump-my-version, bumpversion, tbump, commitizen, towncrier.

Such a tool refuses to run, or does the wrong thing, when its own copy is left behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.text.toml import Document
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = ("pyproject.toml", ".bumpversion.toml", ".bumpversion.cfg", "setup.cfg", "tbump.toml", ".cz.toml", ".cz.json", ".release-please-manifest.json")

_VERSION = r"v?(?P<version>[0-9]+(?:\.[0-9]+)+[0-9A-Za-z.+-]*)"
_STATE = pattern(
    rf"^[ \t]*(?:current_version[ \t]*=[ \t]*[\"']?{_VERSION}[\"']?[ \t]*\r?$)"
    rf"|^\[version\][ \t]*\r?\n(?:[^\[\r\n]*\r?\n)*?current[ \t]*=[ \t]*\"{_VERSION.replace('version', 'tbump')}\""
    rf"|^[ \t]*\"?(?:version|\.)\"?[ \t]*[:=][ \t]*\"{_VERSION.replace('version', 'other')}\"",
    re.MULTILINE,
)


_KEYS = (
    ("tool", "bumpversion", "current_version"),
    ("tool", "bumpver", "current_version"),
    ("tool", "commitizen", "version"),
    ("tool", "tbump", "version", "current"),
    ("tool", "towncrier", "version"),
)


def read(source: Source) -> Manifest:
    """Find the tool's own copy.

    Raises: ManifestError when a pyproject.toml is not TOML.
    """
    name = source.path.rpartition("/")[2]
    found = _in_pyproject(source) if name == "pyproject.toml" else _in_settings(source, name)
    return Manifest(source=source, mentions=tuple(_mention(key, start, text) for key, start, text in found))


def _in_pyproject(source: Source) -> Iterator[tuple[str, int, str]]:
    document = Document(source.path, source.text)
    for key in _KEYS:
        span = document.span(*key)
        if document.string(*key) is not None and span is not None:
            yield ".".join(key), span.start, source.text[span.start : span.end]


def _in_settings(source: Source, name: str) -> Iterator[tuple[str, int, str]]:
    for found in _STATE.finditer(source.text):
        if name != "setup.cfg" or "bumpversion" in source.text[: found.start()]:
            yield "current_version", found.start(found.lastgroup or 0), found[found.lastgroup or 0]


def _mention(key: str, start: int, text: str) -> Mention:
    why = "the copy that another version tool keeps"
    return Mention(key=key, start=start, text=text, role=Role.MIRROR, spelling=Spelling.PREFIX, owner=Here(), why=why, weak=True, kept=True)
