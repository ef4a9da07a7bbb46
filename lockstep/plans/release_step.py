"""The version that a release pull request proposes: from where a group is, where it was released last, and what its changes ask for."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.changelog.conventional import ConventionalCommit, NoteKind
from lockstep.dataclass import dataclass
from lockstep.model import Requires
from lockstep.policy.semver import Impact, holds, largest, requires
from lockstep.versions.bump import Bump, bumped
from lockstep.versions.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The next version, None where there is none to propose; what asks for it, in words; and the step that changes and commits ask for."""

    new: Version | None
    why: str
    level: Requires | None = None


def announced(commits: Iterable[ConventionalCommit], version: Version) -> Requires | None:
    """Give the step that commits announce for what follows a version; None where they announce nothing to users."""
    wanted = []
    for one in commits:
        if one.breaking:
            wanted.append(requires(Impact.BREAKING, version))
        elif one.kind is NoteKind.ADDED:
            wanted.append(requires(Impact.ADDITION, version))
        elif one.kind is not None:
            wanted.append(Requires.PATCH)
    return largest(wanted)


def choose(last: Version, now: Version, found: Requires | None, said: Requires | None, *, since: str, released: bool = False, read: bool = True) -> Chosen:
    """Choose the version after `last`, for a group that is at `now`. `found` is what the comparison asks for, `said` what commits announce.

    `released` says that `now`, which is a pre-release, has a tag: the pre-releases go on. What is not `read` has no surface that is compared.
    """
    level = largest(one for one in (found, said) if one is not None)
    why = _reason(found, said, since, read=read)
    if now < last:
        return Chosen(new=None, why=f"it is at {now}, below its last release {since}: lockstep bump {last} takes it back there")
    wanted = level or Requires.PATCH
    if released and not now.final:
        return Chosen(new=bumped(now, Bump.PRE), why=f"{why}; {now} is out, and its pre-releases go on (--to release ends them)", level=level)
    if not now.final and now > last:
        release = bumped(now, Bump.RELEASE)
        if holds(last, release, wanted):
            return Chosen(new=release, why=f"{why}; {now} announces {release}", level=level)
        return Chosen(new=bumped(last, Bump(wanted.value)), why=f"{why}, more than {now} announces", level=level)
    if now > last:
        if holds(last, now, wanted):
            return Chosen(new=None, why=f"it is at {now}, which has no tag yet", level=level)
        return Chosen(new=bumped(last, Bump(wanted.value)), why=f"{why}, more than {now} holds, which is not released yet", level=level)
    return Chosen(new=bumped(last, Bump(wanted.value)), why=why, level=level)


def _reason(found: Requires | None, said: Requires | None, since: str, *, read: bool) -> str:
    """Say what asks for the step."""
    if found is None and not read:
        return f"changed since {since}; no API of it is read" if said is None else f"commits since {since} announce a {said} release; no API of it is read"
    if found is None and said is None:
        return f"changed since {since}, with nothing that users see in a signature"
    if found is None:
        return f"commits since {since} announce a {said} release; the comparison shows nothing that asks for one"
    if said is None or said == found:
        return f"the changes since {since} ask for a {found} release"
    if largest((found, said)) is found:
        return f"the changes since {since} ask for a {found} release, and commits announce a {said} one"
    return f"commits since {since} announce a {said} release, and the comparison asks for a {found} one"
