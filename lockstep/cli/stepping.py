"""Is the step of a bump as large as what changed since the last release asks for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.cli import session
from lockstep.errors import UsageError
from lockstep.model import Requires
from lockstep.policy.semver import Impact, holds, requires
from lockstep.versions.version import Bump, Version

if TYPE_CHECKING:
    from lockstep.cli.comparing import Since
    from lockstep.cli.session import Output, Session
    from lockstep.model import Group
    from lockstep.project.project import Project


def auto(output: Output, opened: Session, project: Project, chosen: Group, config: str | None) -> tuple[str, Since]:
    """Give the version that the changes since a group's last release ask for, and the comparison.

    Raises: UsageError when there is no release, or when the group has made that step already.
    """
    from lockstep.cli import comparing  # noqa: PLC0415 - reads both surfaces
    from lockstep.reports import words  # noqa: PLC0415

    since = comparing.since_release(opened, project, chosen, config)
    if since is None:
        raise UsageError("no release tag is in this history, so auto has nothing to compare with", help="name the step: lockstep bump patch")
    assert chosen.version is not None
    found = since.step_to(chosen.version)
    level = found.level or Requires.PATCH
    if chosen.version > since.version and holds(since.version, chosen.version, level):
        raise UsageError(f"the group is at {chosen.version} already, which may hold what changed since {since.tag}", help="lockstep diff shows what changed")
    output.say(f"since {since.tag} the changes ask for {words.asks_for(found.level)}" + ("" if found.level else "; patch it is"))
    return str(since.version.bump(Bump(level.value))), since


def refuse_too_small(output: Output, opened: Session, project: Project, chosen: Group, new: Version, config: str | None, *, decided: str) -> Since | None:
    """Leave with the review when a step is too small for what changed since the last release; a step that may hold any break asks nothing.

    What a person has `decided`, by force or by a version in full, is told and goes on. Gives the comparison, where one was made.
    """
    from lockstep.evidence.history import last_release  # noqa: PLC0415 - reads git

    release = last_release(opened.repository, opened.head, chosen.version, lambda: True, chosen.names)
    if release is None or new <= release[1] or holds(release[1], new, requires(Impact.BREAKING, release[1])):
        return None
    from lockstep.cli import comparing  # noqa: PLC0415 - only a small step reads surfaces
    from lockstep.reports import words  # noqa: PLC0415
    from lockstep.review.review import Verdict  # noqa: PLC0415

    since = comparing.since_release(opened, project, chosen, config)
    assert since is not None
    found = since.step_to(new)
    if found.verdict is Verdict.UNPROVEN:
        output.say(words.verdict(found).rstrip("\n") + "; lockstep diff lists them")
    if found.verdict is not Verdict.TOO_SMALL:
        return since
    if not decided:
        output.review(found)
        output.say(f"refused: {new} is too small for what changed since {since.tag}; nothing was written")
        output.say(f"  help: lockstep bump {found.level}, or --force if it must be {new}")
        session.leave(session.FOUND)
    output.say(f"{decided}: {new} is too small for what changed since {since.tag}, which asks for {words.asks_for(found.level)}; lockstep diff tells why")
    return since
