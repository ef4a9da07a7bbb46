"""setup.cfg: `[metadata]` name and version, as a literal or as `attr:` and `file:`.

Source: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

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
        paths = (join(source.folder, path) for path in dict.fromkeys(_places(source.text, module)))
        return Derived(paths=tuple(path for path in paths if path is not None), reader="python_source", attribute=name), ()
    if kind == "file":
        path = join(source.folder, target.strip())
        return (Derived(paths=(path,), reader="version_file"), ()) if path else (Unwritten(why="it is read from outside of the repository"), ())
    mention = Mention(key="metadata.version", start=version.start("value"), text=version["value"], role=Role.OWN, spelling=Spelling.PEP440, owner=Here())
    return mention, (mention,)


def _places(text: str, module: str) -> Iterator[str]:
    """Give the paths that a module may have: where `package_dir` or `packages.find` puts it, beside the file, below `src`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        parser.clear()
    entries = re.split(r"[\n,]", parser.get("options", "package_dir", fallback=""))
    folders = {key.strip(): folder.strip() for key, mark, folder in (entry.partition("=") for entry in entries) if mark}
    parts = module.split(".")
    for length in range(len(parts), -1, -1):
        if (folder := folders.get(".".join(parts[:length]))) is not None:
            yield "/".join((folder or ".", *parts[length:]))
            break
    where = parser.get("options.packages.find", "where", fallback="").strip()
    for folder in (where, "", "src"):
        yield "/".join((folder or ".", *parts))
