"""Is what a bump makes a release of finished: does a note name each break, and is no TODO left?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.changelog.sections import to_release
from lockstep.cli import noting
from lockstep.cli.noting import Gathered
from lockstep.dataclass import replace
from lockstep.model import Finding, Level
from lockstep.rules import judge_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lockstep.cli.comparing import Since
    from lockstep.cli.session import Output, Session
    from lockstep.model import Group
    from lockstep.plans.promotion import Promotion
    from lockstep.project.project import Project
    from lockstep.versions.version import Version

BREAK, MARK = "break-without-note", "note-unfinished"


def unfinished(
    output: Output,
    opened: Session,
    project: Project,
    chosen: Group,
    new: Version,
    config: str | None,
    promotions: Sequence[Promotion],
    since: Since | None,
    *,
    tag: bool,
    force: bool,
) -> list[Finding]:
    """Say what is unfinished; give what forbids to tag the release: nothing without a tag, nor by force, nor where no section is made or there.

    Surfaces are read where a tag is wanted; else breaks are counted only where `since` was read before, and TODOs always.
    """
    found = _gathered(opened, project, chosen, config, since, read=tag)
    if found.main is None:
        return []
    kept, log = found.main
    left = _left(opened, chosen, new, found)
    if not left:
        return []
    made = bool(log.of(new)) or any(one.path == kept.path and one.edits for one in promotions)
    refused = tag and made and found.since is not None and not force
    said = _said(left, kept.path, found.since)
    output.say(f"refused: {said}; nothing was written" if refused else f"forced: {said}" if tag and force else said)
    finish = f"write what only you know in {kept.path}; lockstep changelog check lists the places"
    step = f"lockstep changelog draft; then {finish}" if any(one.rule == BREAK for one in left) else finish
    output.say(f"  help: {step}" + ("; or --force" if refused else ""))
    return left if refused else []


def _gathered(opened: Session, project: Project, chosen: Group, config: str | None, since: Since | None, *, read: bool) -> Gathered:
    if read or since is not None:
        return noting.gather(opened, project, chosen, config, since=since)
    return Gathered(logs=noting.changelogs(opened, project, chosen), changes=(), base=None, since=None, version=None)


def _left(opened: Session, chosen: Group, new: Version, found: Gathered) -> list[Finding]:
    """Give the breaks that neither the section to release nor that of a version which was never tagged tells of, and the TODOs."""
    earlier = noting.evidence(opened, chosen, found)[0]
    section = found.version if new == chosen.version else None
    here = replace(found, version=section, changes=tuple(one for one in found.changes if not earlier.tells(one)))
    notes = noting.evidence(opened, chosen, here)[0]
    if section is None and notes.changelog is not None and (mine := to_release(notes.changelog, new, None)) is not None:
        notes = replace(notes, section=mine)
    return [one for one in judge_notes(notes) if one.rule in (BREAK, MARK) and one.level is Level.ERROR]


def _said(left: Sequence[Finding], path: str, since: str | None) -> str:
    breaks, marks = (sum(one.rule == rule for one in left) for rule in (BREAK, MARK))
    parts = [f"{breaks} break{' has' if breaks == 1 else 's have'} no note since {since}"] if breaks else []
    parts += [f"{marks} TODO{' is' if marks == 1 else 's are'} left in {path}"] if marks else []
    return " and ".join(parts)
