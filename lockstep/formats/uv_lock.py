"""uv.lock: the workspace's own packages, and what they require of each other.

An entry is ours when its source is a folder of the repository (`editable`, `virtual`, `directory`); a package with a dynamic version
has none in the lock. The file is scanned: tomllib needs a second for a large one.

Source: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.manifest import At, Manifest, Mention, Named, Scope, Source, join
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.text.toml import Document
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("**/uv.lock",)

# What uv writes, value by value; a text that is nothing but this is valid TOML without asking a parser.
_TEXT = r'"[^"\\\x00-\x1f]*"'
_SCALAR = rf"(?:{_TEXT}|[0-9]+(?:\.[0-9]+)?|true|false)"
_LIST = rf"\[(?:{_SCALAR}(?:, {_SCALAR})*)?\]"
_INNER = rf"\{{(?: [\w-]+ = (?:{_SCALAR}|{_LIST}),?)* \}}"
_TABLE = rf"\{{(?: [\w-]+ = (?:{_SCALAR}|{_LIST}|{_INNER}),?)* \}}"
_VALUE = rf"(?:{_SCALAR}|{_TABLE}|\[(?:{_TABLE}|{_TEXT})?(?:, (?:{_TABLE}|{_TEXT}))*\]|\[\r?\n(?:    (?:{_TABLE}|{_TEXT}),\r?\n)*+\])"
_LINE = rf"(?:\[\[[\w.-]+\]\]|\[[\w.-]+\]|[\w-]+ = {_VALUE}|[ \t]*)"
_WRITTEN_BY_UV = pattern(rf"(?:{_LINE}\r?\n)*+{_LINE}?")

_ENTRY = pattern(
    r'^name = "(?P<name>[^"\r\n]*)"\r?\n(?:version = "(?P<version>[^"\r\n]*)"\r?\n)?source = \{ (?:editable|virtual|directory) = "(?P<path>[^"\r\n]*)" \}',
    re.MULTILINE,
)
_REQUIRED = pattern(r'\{ name = "(?P<name>[^"\r\n]+)",(?: (?:extras|extra) = \[[^\]\r\n]*\],)? specifier = "(?P<specifier>[^"\r\n]+)"')


def read(source: Source) -> Manifest:
    """Find the entries of our own packages, and the requirements between them.

    Raises: ManifestError when the file is not TOML.
    """
    if not _WRITTEN_BY_UV.fullmatch(source.text):
        Document(source.path, source.text)
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    ours = set()
    for entry in _ENTRY.finditer(source.text):
        folder = join(source.folder, entry["path"])
        if folder is None:
            continue
        ours.add(entry["name"])
        if entry["version"] is not None:
            yield Mention(
                key=f"{entry['name']}.version",
                start=entry.start("version"),
                text=entry["version"],
                role=Role.LOCK,
                spelling=Spelling.PEP440,
                owner=At(folder, entry["name"]),
                why="lock entry of a folder of this repository",
            )
    for required in _REQUIRED.finditer(source.text) if ours else ():
        if required["name"] in ours:
            yield Mention(
                key=f"{required['name']}.specifier",
                start=required.start("specifier"),
                text=required["specifier"],
                role=Role.LOCK,
                spelling=Spelling.PEP440_SPECIFIERS,
                owner=Named(ECOSYSTEM, required["name"]),
                why="what the lock remembers of a requirement",
            )
