"""What a change asks of the next version: the policy for 0.0.z, 0.y.z and 1.0 and later.

Source: https://semver.org/#spec-item-4 and https://doc.rust-lang.org/cargo/reference/semver.html; in 0.y.z the minor number marks what breaks.
A larger environment asks for a minor release at 1.0 and later too: https://doc.rust-lang.org/cargo/reference/semver.html#env-new-rust.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import assert_never

from lockstep.model import Requires
from lockstep.versions.version import Version


class Impact(StrEnum):
    """What a change does to those who use the package."""

    BREAKING = "breaking"  # correct code stops working when it runs, or no longer compiles
    TYPING = "typing"  # a type checker rejects what it took before; the code still runs
    ENVIRONMENT = "environment"  # the same code works where more is there than before: a compiler, a Python, a dependency, a platform
    REVIEW = "review"  # it may matter: a person decides
    ADDITION = "addition"  # something new
    NOTE = "note"  # worth a line in the notes; nobody's code can tell


_SIZE: Mapping[Requires, int] = {Requires.PATCH: 1, Requires.MINOR: 2, Requires.MAJOR: 3}


class Step(StrEnum):
    """What a version did between two moments."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    PRE = "pre"


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


def largest(wanted: Iterable[Requires]) -> Requires | None:
    """Give the largest of some steps, None of none."""
    return max(wanted, key=_SIZE.__getitem__, default=None)


def step_between(old: Version | None, new: Version | None) -> Step:
    """Give the step from one version to another; a step backwards is none."""
    if old is None or new is None or new <= old:
        return Step.NONE
    if new.pre is not None or new.dev is not None or old.pre is not None:
        return Step.PRE
    return _numbers(old, new)


def _numbers(old: Version, new: Version) -> Step:
    if new.major != old.major:
        return Step.MAJOR
    return Step.MINOR if new.minor != old.minor else Step.PATCH


def holds(old: Version | None, new: Version | None, wanted: Requires) -> bool:
    """Say whether a step may hold a change that asks for `wanted`.

    A version that has not moved yet counts as the next patch, as in cargo-semver-checks; a pre-release promises what its release will
    be, and from a pre-release on nothing is promised yet.
    """
    if old is None or new is None:
        return True
    match step_between(old, new):
        case Step.NONE | Step.PATCH:
            return wanted is Requires.PATCH
        case Step.MINOR:
            return wanted is not Requires.MAJOR
        case Step.MAJOR:
            return True
        case Step.PRE:
            if old.pre is not None:
                return True
            return _SIZE[wanted] <= _SIZE[Requires(_numbers(old, new).value)]
        case never:
            assert_never(never)
