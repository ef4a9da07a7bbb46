"""Versions that a source writes number by number: MAJOR, MINOR and PATCH, and perhaps the pre-release beside them.

One number proves nothing. Together they must say the package's version, or the release that its pre-release leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lockstep.dataclass import dataclass
from lockstep.manifest import Here, Mention
from lockstep.model import Role
from lockstep.versions.version import Spelling

_SPELLINGS = {
    "MAJOR": Spelling.MAJOR,
    "MINOR": Spelling.MINOR,
    "PATCH": Spelling.PATCH,
    "MICRO": Spelling.PATCH,
    "REVISION": Spelling.PATCH,
    "BUGFIX": Spelling.PATCH,
}
_PART = Mention(key="", start=0, text="", role=Role.MIRROR, spelling=Spelling.PRE, owner=Here(), why="one part of the version", weak=True)
_RELEASE = (Spelling.MAJOR, Spelling.MINOR, Spelling.PATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPart:
    """One part of a version: `stem` is the same for all parts of one version, `part` says which it is."""

    stem: str
    part: str
    key: str
    start: int
    text: str


def numbered_parts(parts: Iterable[NumberedPart]) -> Iterator[Mention]:
    """Give the parts of each version of which all three numbers are there, in the order in which they stand; any other part is its pre-release."""
    stems: dict[str, dict[Spelling, NumberedPart]] = {}
    for one in parts:
        stems.setdefault(one.stem, {}).setdefault(_SPELLINGS.get(one.part.upper(), Spelling.PRE), one)
    for found in stems.values():
        release = [found[one].text for one in _RELEASE if one in found]
        if len(release) < len(_RELEASE) or not all(one.isascii() and one.isdecimal() and len(one) < 20 for one in release):
            continue
        whole = ".".join(str(int(one)) for one in release)
        for spelling, one in found.items():
            yield Mention(
                key=one.key,
                start=one.start,
                text=one.text,
                role=Role.MIRROR,
                spelling=spelling,
                owner=Here(),
                why="one part of the version",
                weak=True,
                whole=whole,
            )
