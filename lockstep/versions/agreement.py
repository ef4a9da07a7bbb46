"""What a text at a site says about a version, and how it reads when the version moves.

The one place where spellings of versions and of requirements meet: `check` asks `says`, `bump` asks `written`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lockstep.dataclass import replace
from lockstep.errors import VersionError
from lockstep.pattern import pattern
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling, Version, read_pre

REQUIREMENTS = (Spelling.CARGO_REQUIREMENT, Spelling.NPM_RANGE, Spelling.PEP440_SPECIFIERS)
SINGLE_NUMBERS = (Spelling.MAJOR, Spelling.MINOR, Spelling.PATCH)
PARTS = (*SINGLE_NUMBERS, Spelling.NUMBERS, Spelling.PRE, Spelling.INTEGER)
_RELEASE = pattern(r"[0-9]{1,19}(?:\.[0-9]{1,19}){0,9}", re.ASCII)


def says(text: str, spelling: Spelling, version: Version) -> bool:
    """Say whether a text agrees with a version: the same in value and build metadata, a prefix of it, one number of it, or satisfied by it.

    What is for readers (a prefix), and numbers alone, may do without the build metadata.

    Raises: VersionError when the text is nothing of that spelling.
    """
    return _says(text, spelling, version, str(version))


@lru_cache(maxsize=4096)  # a monorepo says the same thing a thousand times; equal versions of other texts are told apart
def _says(text: str, spelling: Spelling, version: Version, _: str) -> bool:
    if spelling in REQUIREMENTS:
        return satisfies(text, spelling, version)
    if spelling is Spelling.NUMBERS:
        return _RELEASE.fullmatch(text) is not None and Version(release=tuple(map(int, text.split(".")))).padded(1) == version.padded(1)
    if spelling is Spelling.PRE:
        return read_pre(text) == version.pre and version.post is None and version.dev is None
    if spelling is Spelling.INTEGER:
        return _says_integer(text, version)
    if spelling in SINGLE_NUMBERS:
        return text.isascii() and text.isdecimal() and text.lstrip("0") == version.spell(spelling).lstrip("0")
    said = Version.read(text, spelling)
    if spelling is Spelling.TUPLE and version.pre is not None and _is_bare(text):
        return said.padded(1) == version.padded(1)
    if spelling is Spelling.PREFIX and said.pre is None and version.pre is None and len(said.release) < 3:
        return said.release == (version.major, version.minor, version.patch)[: len(said.release)]
    return said == version if spelling is Spelling.TUPLE or (spelling is Spelling.PREFIX and not said.build) else said.is_same(version)


def written(text: str, spelling: Spelling, old: Version, new: Version) -> str:
    """Give the text after the move from `old` to `new`; a text that agrees with `new` already keeps its spelling.

    Raises: VersionError when the spelling cannot hold the new version, or the text is no requirement.
    """
    return _written(text, spelling, old, new, f"{old} {new}")


@lru_cache(maxsize=4096)
def _written(text: str, spelling: Spelling, old: Version, new: Version, _: str) -> str:
    if spelling in REQUIREMENTS:
        from lockstep.versions.requirement_update import updated  # noqa: PLC0415 - a check moves nothing

        return updated(text, spelling, old, new)
    try:
        if says(text, spelling, new):
            return text
    except VersionError:
        pass  # whatever stands there, the new version takes its place
    if spelling is Spelling.INTEGER:
        return _written_integer(text, old, new)
    if spelling is Spelling.TUPLE and old.pre is not None and _is_bare(text) and says(text, spelling, old):
        new = replace(new, pre=None, text="")
    return new.spell(spelling, text)


def _says_integer(text: str, version: Version) -> bool:
    """Say whether one number says a version, or the release that its pre-release leads to."""
    from lockstep.versions import version_integer  # noqa: PLC0415 - few projects write one

    numbers, kind, number = _numbered(version)
    return version_integer.says(text, numbers, kind, number) or (version.pre is not None and version_integer.says(text, numbers, "", 0))


def _written_integer(text: str, old: Version, new: Version) -> str:
    """Write a version as one number; one that leaves the pre-release of the old version out leaves that of the new one out."""
    from lockstep.versions import version_integer  # noqa: PLC0415 - likewise

    before, after = _numbered(old), _numbered(new)
    if old.pre is not None and not version_integer.says(text, *before):
        before, after = (before[0], "", 0), (after[0], "", 0)
    return version_integer.write(text, before, after)


def _numbered(version: Version) -> tuple[tuple[int, int, int], str, int]:
    """Give the numbers of a release, and the kind and the number of its pre-release."""
    kind, number = ("", 0) if version.pre is None else (version.pre.kind or "?", version.pre.number)
    return (version.major, version.minor, version.patch), kind, number


def _is_bare(text: str) -> bool:
    """Say whether a tuple has no place for a pre-release: then it says the release that one leads to."""
    from lockstep.versions.version_tuple import elements  # noqa: PLC0415 - likewise

    found = elements(text)
    return found is not None and found.bare
