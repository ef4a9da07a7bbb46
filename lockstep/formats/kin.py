"""How a package of another ecosystem mentions its version."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.manifest import Kin, Mention
from lockstep.model import Role
from lockstep.pattern import pattern
from lockstep.versions.version import Spelling

VERSION = r"(?P<version>[0-9]{1,19}(?:\.[0-9]{1,19}){2,3}[0-9A-Za-z.+-]{0,80})"
"""At least three numbers: fewer prove nothing."""
_WHOLE = pattern(VERSION)
_INNER = pattern(r"(?<![0-9A-Za-uw-z.])v?(?P<version>[0-9]+(?:\.[0-9]+){2}(?:-(?:alpha|beta|rc)[.-]?[0-9]+)?)(?![0-9A-Za-z]|\.[0-9])")


def mention(key: str, name: str, start: int, text: str, spelling: Spelling = Spelling.SEMVER, *, why: str, beside: bool = True) -> Mention:
    """Give the mention of a version by a package that calls itself `name`."""
    return Mention(key=key, start=start, text=text, role=Role.MIRROR, spelling=spelling, owner=Kin(name, beside), why=why, weak=True, kept=True)


def stated(key: str, name: str, start: int, text: str, spelling: Spelling = Spelling.SEMVER, *, why: str, beside: bool = True) -> Iterator[Mention]:
    """Give the mention that a text is, if it is a whole version."""
    if _WHOLE.fullmatch(text):
        yield mention(key, name, start, text, spelling, why=why, beside=beside)


def within(key: str, name: str, text: str, start: int, end: int, *, why: str, beside: bool = True) -> Iterator[Mention]:
    """Give the versions that stand in a part of a text, as in the address of an archive."""
    for found in _INNER.finditer(text, start, end):
        yield mention(key, name, found.start("version"), found["version"], Spelling.PREFIX, why=why, beside=beside)
