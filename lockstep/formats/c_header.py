"""C headers: `#define SPAM_VERSION "1.2.0"`, SPAM_VERSION_MAJOR, _MINOR, _PATCH and _PRERELEASE, and SPAM_VERSION_NUMBER 10200 or 0x010200.

The parts count only beside one another: together they must say the package's version. One number counts beside these, or where it is long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import replace
from lockstep.formats.numbered_parts import NumberedPart, numbered_parts
from lockstep.manifest import Here, Manifest, Mention, Scope, Source
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

SCOPE = Scope.TEXT
ECOSYSTEM = None
FILES = (
    "include/**/*.{h,hpp,hh,hxx}",
    "*.{h,hpp,hh,hxx}",
    "src/*.{h,hpp,hh,hxx}",
    "**/*{version,Version,VERSION}*.{h,hpp,hh,hxx}",
    "**/*{info,config}.{h,hpp,hh,hxx}",
    "cbindgen.toml",
)

_DEFINE = r"^[ \t]*(?:#[ \t]*define|(?:(?:static|inline|constexpr|const|unsigned|int|auto|long|char|uint32_t|std::uint32_t)[ \t]+){1,5})[ \t]*"
_TEXT = pattern(
    rf"{_DEFINE}(?P<name>\w*(?:VERSION|[vV]ersion)(?:_STR|_STRING|String)?)(?:\[\])?[ \t]*=?[ \t]*\"v?(?P<version>[0-9][0-9A-Za-z.+-]*)\"", re.MULTILINE
)
_NAME = r"(?P<before>\w*?)(?P<part>MAJOR|MINOR|PATCH|MICRO|REVISION|BUGFIX|PRERELEASE|PRE_RELEASE|SUFFIX|EXTRA)(?P<after>(?:_VERSION|_VER)?)"
_PART = pattern(
    rf"{_DEFINE}(?P<name>{_NAME})[ \t]*(?:=[ \t]*)?(?:\(?(?P<number>[0-9]{{1,19}})\)?(?![\w.])|\"(?P<text>[0-9A-Za-z.-]{{0,40}})\")",
    re.MULTILINE,
)
_INTEGER = pattern(
    rf"{_DEFINE}(?P<name>(?P<stem>\w*?VER(?:SION)?)_(?:NUMBER|NUM|HEX|INT|INTEGER|CODE))[ \t]*(?:=[ \t]*)?"
    r"\(?(?P<number>0[xX][0-9A-Fa-f]{4,10}|[1-9][0-9]{2,10})(?:[uUlL]{0,3})\b",
    re.MULTILINE,
)
_PIECE = r'"(?P<{}>[0-9]{{1,9}})"'
_PIECES = pattern(
    rf"{_DEFINE}(?P<name>\w*VERSION(?:_STR|_STRING)?)[ \t]+" + r'[ \t]*"\."[ \t]*'.join(_PIECE.format(one) for one in ("major", "minor", "patch")), re.MULTILINE
)
_LONG = 10000
"""From here on, a number that is the version in some encoding is hardly another's."""


def read(source: Source) -> Manifest:
    """Find the version macros and constants."""
    return Manifest(source=source, mentions=tuple(_mentions(source.text)))


def _mentions(text: str) -> Iterator[Mention]:
    if not _LIKELY.search(text):
        return
    stems: set[str] = set()
    for found in _TEXT.finditer(text):
        stems.add(_STRING.sub("", found["name"]))
        yield Mention(
            key=found["name"],
            start=found.start("version"),
            text=found["version"],
            role=Role.MIRROR,
            spelling=Spelling.PREFIX,
            owner=Here(),
            weak=True,
            kept=True,
        )
    parts = [
        NumberedPart(stem=f"{found['before']}{{}}{found['after']}", part=found["part"], key=found["name"], start=found.start(kind), text=found[kind])
        for found in _PART.finditer(text)
        for kind in ("number", "text")
        if found[kind] is not None
    ]
    parts += [
        NumberedPart(stem=f"{found['name']} in pieces", part=part, key=found["name"], start=found.start(part), text=found[part])
        for found in _PIECES.finditer(text)
        for part in ("major", "minor", "patch")
    ]
    yield from numbered_parts(parts)
    stems |= {one.stem.partition("{}")[0].rstrip("_") for one in parts}
    for found in _INTEGER.finditer(text):
        if found["stem"] in stems or (int(found["number"], 0) >= _LONG and not _ANOTHER.search(found["stem"])):
            yield replace(_NUMBER, key=found["name"], start=found.start("number"), text=found["number"])


_ANOTHER = pattern(r"A[BP]I|PROTOCOL|FORMAT|SCHEMA|SPEC|MIN|MAX|REQUIRED|COMPAT")
"""What else is numbered beside a release."""
_LIKELY = pattern(r"VERSION|[vV]ersion|_VER_|MAJOR")
_STRING = pattern(r"_?STR(?:ING)?$|String$")
_NUMBER = Mention(key="", start=0, text="", role=Role.MIRROR, spelling=Spelling.INTEGER, owner=Here(), why="the version as one number", weak=True)
_TEXTUAL = Mention(key="", start=0, text="", role=Role.MIRROR, spelling=Spelling.PREFIX, owner=Here(), weak=True, kept=True)
