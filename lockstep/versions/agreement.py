"""What a text at a site says about a version, and how it reads when the version moves.

The one place where spellings of versions and of requirements meet: `check` asks `says`, `bump` asks `written`.
"""

from __future__ import annotations

from functools import lru_cache

from lockstep.errors import VersionError
from lockstep.versions.requirement import satisfies
from lockstep.versions.version import Spelling, Version

REQUIREMENTS = (Spelling.CARGO_REQUIREMENT, Spelling.NPM_RANGE, Spelling.PEP440_SPECIFIERS)
PARTS = (Spelling.MAJOR, Spelling.MINOR, Spelling.PATCH)


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
    if spelling in PARTS:
        return text.isascii() and text.isdecimal() and text.lstrip("0") == version.spell(spelling).lstrip("0")
    said = Version.read(text, spelling)
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
    return new.spell(spelling, text)
