"""The version step that the changes since the last release require, beside the step that a bump makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.errors import UsageError
from lockstep.evidence.release_tags import last_release
from lockstep.model import Requires
from lockstep.policy.semver import Impact, holds, requires
from lockstep.versions.bump import Bump, bumped
from lockstep.versions.version import Version

if TYPE_CHECKING:
    from lockstep.app.diff import SinceRelease
    from lockstep.app.session import Session
    from lockstep.model import Group
    from lockstep.project.project import Project
    from lockstep.review.review import Review


def required_version(opened: Session, project: Project, group: Group) -> tuple[Version, Requires | None, SinceRelease]:
    """Give the version that the changes since a group's last release require, their level (None: no surface changed), and the comparison.

    Raises: UsageError when there is no release, or when the group has made that step already.
    """
    from lockstep.app.diff import since_release  # noqa: PLC0415 - reads both surfaces

    since = since_release(opened, project, group)
    if since is None:
        raise UsageError("no release tag is in this history, so auto has nothing to compare with", help="name the step: lockstep bump patch")
    assert group.version is not None
    found = since.step_to(group.version)
    level = found.level or Requires.PATCH
    if group.version > since.version and holds(since.version, group.version, level):
        raise UsageError(f"the group is at {group.version} already, which may hold what changed since {since.tag}", help="lockstep diff shows what changed")
    return bumped(since.version, Bump(level.value)), found.level, since


def review_step(opened: Session, project: Project, group: Group, new: Version) -> tuple[SinceRelease, Review] | None:
    """Compare a group with its last release and review the step to `new`; None where there is no release, or the step may hold any break."""
    release = last_release(opened.repository, opened.release_tags(project), group, opened.head, lambda: True)
    if release is None or new <= release.version or holds(release.version, new, requires(Impact.BREAKING, release.version)):
        return None
    from lockstep.app.diff import since_release  # noqa: PLC0415 - only a small step reads surfaces

    since = since_release(opened, project, group)
    assert since is not None
    return since, since.step_to(new)
