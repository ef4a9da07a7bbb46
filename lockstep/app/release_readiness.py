"""Is what a bump makes a release of finished: does a note name each break, and is no TODO left?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.app.changelog_state import ChangelogState, changelog_state, changelogs, evidence
from lockstep.changelog.sections import release_section
from lockstep.dataclass import dataclass, replace
from lockstep.model import Finding, Level
from lockstep.rules import judge_notes

if TYPE_CHECKING:
    from lockstep.app.diff import SinceRelease
    from lockstep.app.session import Session
    from lockstep.model import Group
    from lockstep.plans.promotion import Promotion
    from lockstep.project.project import Project
    from lockstep.versions.version import Version

BREAK, TODO = "break-without-note", "note-unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """What the notes of a release lack: the findings, the changelog, the last release where it was compared with.

    `forbids_tag` says that the release has a section, and a release before it, so that it is not to be tagged like this.
    """

    findings: tuple[Finding, ...]
    path: str
    since: str | None
    forbids_tag: bool

    def count(self, rule: str) -> int:
        """Count the findings of a rule, `BREAK` or `TODO`."""
        return sum(one.rule == rule for one in self.findings)


def unfinished_notes(
    opened: Session, project: Project, group: Group, new: Version, promotions: Sequence[Promotion], since: SinceRelease | None, *, tag: bool
) -> Unfinished | None:
    """Give what the notes of a release lack; None where they are finished, or cannot be read.

    Surfaces are read where a tag is wanted; else breaks are counted only where `since` was read before, and TODOs always.
    """
    found = (
        changelog_state(opened, project, group, since=since, additions=False)
        if tag or since is not None
        else ChangelogState(logs=changelogs(opened, project, group), changes=(), base=None, since=None, version=None)
    )
    if found.main is None:
        return None
    kept, log = found.main
    left = _left(opened, project, group, new, found)
    has_section = bool(log.of(new)) or any(one.path == kept.path and one.edits for one in promotions)
    return Unfinished(findings=tuple(left), path=kept.path, since=found.since, forbids_tag=has_section and found.since is not None) if left else None


def _left(opened: Session, project: Project, group: Group, new: Version, found: ChangelogState) -> list[Finding]:
    """Give the breaks that neither the section to release nor that of a version which was never tagged tells of, and the TODOs."""
    earlier = evidence(opened, project, group, found)[0]
    section = found.version if new == group.version else None
    here = replace(found, version=section, changes=tuple(one for one in found.changes if not earlier.mention(one)))
    notes = evidence(opened, project, group, here)[0]
    if section is None and notes.changelog is not None and (mine := release_section(notes.changelog, new, None)) is not None:
        notes = replace(notes, section=mine)
    return [one for one in judge_notes(notes) if one.rule in (BREAK, TODO) and one.level is Level.ERROR]
