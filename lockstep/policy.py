"""What a change asks of the next version: the policy for 0.0.z, 0.y.z and 1.0 and later.

Source: https://semver.org/#spec-item-4 and https://doc.rust-lang.org/cargo/reference/semver.html; in 0.y.z the minor number marks what breaks.
A larger environment asks for a minor release at 1.0 and later too: https://doc.rust-lang.org/cargo/reference/semver.html#env-new-rust.
"""

from __future__ import annotations

from enum import StrEnum

from lockstep.model import Requires
from lockstep.version import Version


class Impact(StrEnum):
    """What a change does to those who use the package."""

    BREAKING = "breaking"  # correct code stops working when it runs, or no longer compiles
    TYPING = "typing"  # a type checker rejects what it took before; the code still runs
    ENVIRONMENT = "environment"  # the same code works where more is there than before: a compiler, a Python, a dependency, a platform
    REVIEW = "review"  # it may matter: a person decides
    ADDITION = "addition"  # something new
    NOTE = "note"  # worth a line in the notes; nobody's code can tell


def requires(impact: Impact, version: Version, *, strict: bool = False) -> Requires:
    """Give the smallest step from `version` that may hold a change; `strict` counts what breaks type checkers as a break."""
    match impact:
        case Impact.BREAKING:
            return _breaking(version)
        case Impact.TYPING:
            return _breaking(version) if strict else Requires.PATCH
        case Impact.ADDITION:
            return Requires.MINOR if version.major else Requires.PATCH
        case Impact.ENVIRONMENT:
            return Requires.MINOR if version.major or version.minor else Requires.PATCH
        case Impact.REVIEW | Impact.NOTE:
            return Requires.PATCH


def _breaking(version: Version) -> Requires:
    if version.major:
        return Requires.MAJOR
    return Requires.MINOR if version.minor else Requires.PATCH
