"""setup.cfg: `[metadata]` name and version, as a literal or as `attr:` and `file:`.

Source: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import re

from lockstep.manifest import Declared, Derived, Here, Manifest, Mention, Scope, Source, Stated, Unwritten, inside, join
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TREE
ECOSYSTEM = Ecosystem.PYTHON
FILES = ("**/setup.cfg",)

_SECTION = pattern(r"^\[metadata\][ \t]*\r?$(?P<body>(?:(?!^\[).|\n)*)", re.MULTILINE)
_KEY = r"^{}[ \t]*[=:][ \t]*(?P<value>[^\r\n#;]*?)[ \t]*(?:[#;][^\r\n]*)?\r?$"


def read(source: Source) -> Manifest:
    """Read one setup.cfg."""
    section = _SECTION.search(source.text)
    name = re.compile(_KEY.format("name"), re.MULTILINE).search(source.text, section.start(), section.end()) if section else None
    if section is None or name is None or not name["value"]:
        return Manifest(source=source)
    version = re.compile(_KEY.format("version"), re.MULTILINE).search(source.text, section.start(), section.end())
    stated, mentions = _stated(source, version)
    return Manifest(source=source, declared=(Declared(name=name["value"], ecosystem=ECOSYSTEM, version=stated),), mentions=mentions)


def _stated(source: Source, version: re.Match[str] | None) -> tuple[Stated, tuple[Mention, ...]]:
    if version is None or not version["value"]:
        return Derived(paths=(inside(source.folder, "setup.py"),), reader="", optional=True), ()
    kind, _, target = version["value"].partition(":")
    if kind == "attr":
        module, _, name = target.strip().rpartition(".")
        return Derived(
            paths=tuple(inside(source.folder, inside(folder, module.replace(".", "/"))) for folder in ("", "src")), reader="python_source", attribute=name
        ), ()
    if kind == "file":
        path = join(source.folder, target.strip())
        return (Derived(paths=(path,), reader="version_file"), ()) if path else (Unwritten(why="it is read from outside of the repository"), ())
    mention = Mention(key="metadata.version", start=version.start("value"), text=version["value"], role=Role.OWN, spelling=Spelling.PEP440, owner=Here())
    return mention, (mention,)
