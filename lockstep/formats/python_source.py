"""Python modules that state their package's version: `__version__ = "1.2.0"`, `VERSION`, `version_info = (1, 2, 0, "rc", 1)`, `_MAJOR = 1` and its neighbours.

A version read from `importlib.metadata` or from another module is no literal, so no site.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lockstep.formats.numbered_parts import NumberedPart, numbered_parts
from lockstep.manifest import Derived, Here, Manifest, Mention, Scope, Source, join
from lockstep.model import Ecosystem, Role
from lockstep.pattern import pattern
from lockstep.text.python import Module
from lockstep.versions.version import Spelling

SCOPE = Scope.MODULE
ECOSYSTEM = Ecosystem.PYTHON
FILES = (
    "__init__.py",
    "__init__.pyi",
    "_version.py",
    "version.py",
    "__version__.py",
    "__about__.py",
    "_about.py",
    "about.py",
    "_meta.py",
    "__meta__.py",
    "_metadata.py",
)

CERTAIN = "__version__"
NAMES = {
    CERTAIN,
    "__VERSION__",
    "VERSION",
    "version",
    "_version",
    "__version_info__",
    "version_info",
    "_version_info",
    "VERSION_INFO",
    "__version_tuple__",
    "version_tuple",
    "VERSION_TUPLE",
}
_PART = pattern(
    r"(?P<before>(?:__|_)?(?:[A-Za-z][A-Za-z0-9]*_)*?)(?P<part>MAJOR|MINOR|PATCH|MICRO|SUFFIX|EXTRA|PRE|PRERELEASE|PRE_RELEASE)(?P<after>(?:_VERSION|_VER)?_{0,2})",
    re.IGNORECASE,
)
"""`_MAJOR`, `VERSION_MAJOR`, `__version_major__`: what stands around the part is the same for all parts of one version."""
_LIKELY = pattern(r"(?i:version)|(?:^|_)MAJOR", re.MULTILINE)
_ANCHORED = pattern(r"^__version__[ \t]*(?::[ \t]*[\w.\[\]]+[ \t]*)?=[ \t]*(['\"])(?P<text>[^'\"\r\n]*)\1", re.MULTILINE)

LONGEST = 200
"""Characters of the longest name that is looked at."""


def read(source: Source) -> Manifest:
    """Find the literal versions that a module assigns at its top level. A file that this Python cannot parse is scanned for `__version__`."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    if not _LIKELY.search(text):
        return
    try:
        module = Module(text)
    except SyntaxError:
        for found in _ANCHORED.finditer(text):
            yield _mention(CERTAIN, found.start("text"), found["text"], Spelling.PEP440)
        return
    parts: list[NumberedPart] = []
    for name, value in module.assigned():
        if name in NAMES and (literal := module.version(value)):
            yield _mention(name, *literal)
        elif len(name) <= LONGEST and (part := _PART.fullmatch(name)) and (number := module.number(value)):
            stem = f"{part['before']}{{}}{part['after']}".lower()
            parts.append(NumberedPart(stem=stem, part=part["part"], key=name, start=number[0], text=number[1]))
    yield from numbered_parts(parts)


def _mention(name: str, start: int, text: str, spelling: Spelling) -> Mention:
    return Mention(key=name, start=start, text=text, role=Role.MIRROR, spelling=spelling, owner=Here(), weak=name != CERTAIN)


def imported_from(source: Source, attribute: str) -> Derived | None:
    """Give the module of the same package from which a module imports a variable; None where it imports none, or is no module that can be read."""
    wanted = attribute or CERTAIN
    try:
        module = Module(source.text) if wanted in source.text else None
    except SyntaxError:
        module = None
    for node in ast.walk(module.tree) if module is not None else ():
        if not isinstance(node, ast.ImportFrom):
            continue
        name = next((one.name for one in node.names if (one.asname or one.name) == wanted), None)
        path = _imported_path(source.folder, node) if name is not None else None
        if name is not None and path is not None:
            return Derived(paths=(path,), reader="", attribute=name, optional=True)
    return None


def _imported_path(folder: str, node: ast.ImportFrom) -> str | None:
    """Give the path of a module, without its ending, as one in `folder` names it; None where that is not below the same package."""
    inner = (node.module or "").replace(".", "/")
    if node.level:
        return join(folder, "../" * (node.level - 1) + inner)
    above, _, package = folder.rpartition("/")
    return join(above, inner) if package and inner.partition("/")[0] == package else None
