"""The next version: which part of a version moves, and what it becomes."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from lockstep.errors import VersionError
from lockstep.versions.version import Pre, PreKind, Version, bounded


class Bump(StrEnum):
    """Which part of a version moves."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    PRE = "pre"
    RELEASE = "release"


STEPS = {
    Bump.PATCH.value: "a fix",
    Bump.MINOR.value: "an addition; a break below 1.0",
    Bump.MAJOR.value: "a break",
    Bump.PRE.value: "the next number of this pre-release",
    Bump.RELEASE.value: "the release of this pre-release",
    "auto": "what the changes since the last release require",
}
"""What the command line takes in place of a version, and what it is for."""


def bumped(version: Version, bump: Bump, pre: PreKind | None = None) -> Version:
    """Give the next version; from a pre-release, `patch`, `minor` and `major` go to the release that it announces.

    Raises: VersionError when there is no such next version (`release` of a release, `pre` of an unknown kind).
    """
    match bump:
        case Bump.RELEASE:
            if version.final:
                raise VersionError(f"{version} is a release already", help="lockstep bump patch, minor or major")
            return Version(release=version.release, post=version.post if version.pre is None else None)
        case Bump.PRE:
            return _next_pre(version, pre)
        case Bump.PATCH | Bump.MINOR | Bump.MAJOR:
            place = {Bump.MAJOR: 0, Bump.MINOR: 1, Bump.PATCH: 2}[bump]
        case _:
            assert_never(bump)
    kept = version.padded(3)[: place + 1]
    stage = None if pre is None else Pre(pre, _first(pre))
    announced, following = (Version(release=(*numbers, 0, 0)[:3], pre=stage) for numbers in (kept, (*kept[:-1], kept[-1] + 1)))
    new = announced if announced > version or (announced == version and not version.final) else following
    bounded(new.release, str(version))
    return new


def _next_pre(version: Version, kind: PreKind | None) -> Version:
    old = version.pre
    if old is None:
        if kind is None:
            raise VersionError(f"{version} is a release: which pre-release comes next?", help="lockstep bump pre --pre alpha|beta|rc|dev")
        return bumped(version, Bump.PATCH, kind)
    if old.kind is None:
        raise VersionError(f"the pre-release of {version} has no next one", help="lockstep bump VERSION with the version in full")
    if kind is None or kind is old.kind:
        bounded((old.number + 1,), str(version))
        return Version(release=version.release, pre=Pre(old.kind, old.number + 1))
    new = Version(release=version.release, pre=Pre(kind, _first(kind)))
    if new < version:
        raise VersionError(f"{version} is past its {kind} releases", help=f"lockstep bump minor --pre {kind}, or the version in full")
    return new


def _first(kind: PreKind) -> int:
    return 0 if kind is PreKind.DEV else 1
