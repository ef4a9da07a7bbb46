"""The notes of a release pull request: drafted into the changelogs that a person keeps, and read from there, or made for the body alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lockstep.app.changelog_state import changelogs
from lockstep.changelog import links
from lockstep.changelog.files import ChangelogFile, is_generated, package_of
from lockstep.changelog.model import Changelog
from lockstep.changelog.reading import read
from lockstep.changelog.sections import is_begun, passed_over, unsafe
from lockstep.dataclass import replace
from lockstep.plans.note_draft import draft
from lockstep.plans.note_text import WHY
from lockstep.project.repository_url import repository_url
from lockstep.tree import MemoryTree, Overlay
from lockstep.versions.version import read_any

if TYPE_CHECKING:
    from lockstep.app.pr_facts import GroupFacts
    from lockstep.app.session import Session
    from lockstep.release.proposal import GroupRelease

EMPTY = "# Changelog\n\n## [Unreleased]\n"


def drafted(opened: Session, facts: GroupFacts) -> dict[str, str]:
    """Give the changelog of a group with the notes that it lacks; nothing where a tool writes it, or nothing may be written."""
    assert facts.release is not None
    project = opened.project()
    for kept, log in changelogs(opened, project, facts.group):
        if log is None:
            continue
        if not _takes_notes(kept, log):
            return {}
        made = draft(
            kept,
            log,
            package_of(kept, facts.group),
            facts.changes(opened, project),
            facts.version if facts.version != facts.release.version else None,
            facts.release.version,
            facts.commits(opened, project),
        )
        return Overlay(opened.tree, made.edits).texts
    return {}


def _takes_notes(kept: ChangelogFile, log: Changelog) -> bool:
    """Say whether notes may be drafted into a changelog: as `changelog draft` has it."""
    if unsafe(log) is not None or passed_over(log) is not None or (kept.writer is not None and is_generated(kept, log, None)):
        return False
    return bool(log.sections) or is_begun(log)


def notes_of(opened: Session, release: GroupRelease, facts: GroupFacts) -> GroupRelease:
    """Give a release with its notes: the section that the planned changelog has of it, else notes that stand nowhere else."""
    project = opened.project()
    for kept, log in changelogs(opened, project, facts.group):
        section = None if log is None else next((one for one in log.sections if one.version == read_any(release.new)), None)
        if log is None or section is None:
            continue
        base = repository_url(opened.tree, kept.folder) or links.home(log)
        text = links.absolute(log, section.body, section.end, base, "HEAD").strip()
        if text:
            return replace(release, notes=text, notes_path=kept.path, unfinished=text.count(WHY))
    text = own_notes(opened, facts)
    return replace(release, notes=text, unfinished=0)


def own_notes(opened: Session, facts: GroupFacts) -> str:
    """Make notes of what changed, where no changelog tells of it."""
    if facts.release is None or facts.since is None:
        return ""
    tree = MemoryTree({"CHANGELOG.md": EMPTY})
    file = ChangelogFile(path="CHANGELOG.md", folder="", text=EMPTY)
    project = opened.project()
    changes, commits = facts.changes(opened, project), facts.commits(opened, project)
    made = draft(file, read(file.path, EMPTY), facts.group.packages[0], changes, None, facts.release.version, commits)
    text = Overlay(tree, made.edits).texts.get(file.path, EMPTY)
    return re.sub(rf"\n+ *{re.escape(WHY)}", "", text[len(EMPTY) :]).strip()
