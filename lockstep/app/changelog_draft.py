"""The draft of notes: an entry for each change since the last release that a changelog does not tell of yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.app import writing_plans
from lockstep.app.changelog_state import changelog_state
from lockstep.dataclass import dataclass
from lockstep.errors import UsageError
from lockstep.tree import Overlay

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.changelog.changes import Change
    from lockstep.changelog.conventional import ConventionalCommit
    from lockstep.model import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogDraft:
    """What would be added to one changelog, for what changed since a release: the edits, the changes and commits that they tell of, the file as it will be.

    `disputed` says where commits and comparison disagree. `entries` counts the migration notes and the lines of additions that are written.
    """

    opened: Session
    group: str
    since: str
    path: str
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    result: Overlay
    commits: tuple[ConventionalCommit, ...] = ()
    disputed: tuple[str, ...] = ()
    entries: tuple[int, int] = (0, 0)


def draft_changelog(opened: Session, group: str | None = None, *, base: str | None = None) -> ChangelogDraft:
    """Plan a note for each break since the last release, or since `base`, and a line for each addition; nothing is written.

    Where the project drafts from conventional commits, these tell of additions, changes and fixes.

    Raises: UsageError when there is nothing to compare with, or no changelog that lockstep may write.
    """
    from lockstep.app.commit_notes import commits_of, said_of  # noqa: PLC0415 - who drafts compares, and that loads much
    from lockstep.changelog.announced import hold  # noqa: PLC0415 - likewise
    from lockstep.changelog.files import is_generated, package_of  # noqa: PLC0415 - likewise
    from lockstep.changelog.sections import is_begun, passed_over, unsafe  # noqa: PLC0415 - likewise
    from lockstep.plans import bump  # noqa: PLC0415 - likewise
    from lockstep.plans.note_draft import draft  # noqa: PLC0415 - likewise

    project = opened.project()
    chosen = bump.choose_group(project, group)
    from_commits = opened.config.changelog.commits
    found = changelog_state(opened, project, chosen, base=base, additions=not from_commits)
    if found.since is None:
        raise UsageError("no release tag is in this history, so there is nothing to draft from", help="name a commit: lockstep changelog draft --base REF")
    if found.main is None:
        if not found.unread:
            raise UsageError("there is no changelog", help="start one: a CHANGELOG.md with the line # Changelog")
        path, why = next(iter(found.unread.items()))
        hint = "give it a heading: ## [Unreleased]" if "section" in why else "lockstep writes Markdown alone"
        raise UsageError(f"{path} {why.removeprefix('it ')} and is left alone", help=hint)
    kept, log = found.main
    if (fault := unsafe(log)) is not None:
        raise UsageError(f"{kept.path}: {fault}; what stands below cannot be told from it, so it is left alone", help="correct it first")
    if kept.writer is not None and is_generated(kept, log, found.version):
        where = "it tells what commits say" if kept.writer.always else "it tells what commits say; or begin by hand: an entry under ## [Unreleased]"
        where = "write the notes where it gathers them" if kept.writer.fragments else where
        raise UsageError(f"{kept.path} is written by {kept.writer.name} and is left alone", help=where)
    if (disorder := passed_over(log)) is not None:
        raise UsageError(f"{kept.path}: {disorder}; it is left alone", help="move it to the top, or make it the section of the release that it was")
    if not log.sections and not is_begun(log):
        raise UsageError(f"{kept.path} has no section of any release and is left alone", help="give it a heading: ## [Unreleased]")
    commits = commits_of(opened, project, chosen, found.since)
    planned = draft(kept, log, package_of(kept, chosen), found.changes, found.version, found.base, commits)
    return ChangelogDraft(
        opened=opened,
        group=chosen.name,
        since=found.since,
        path=planned.path,
        edits=planned.edits,
        changes=planned.changes,
        result=Overlay(opened.tree, planned.edits),
        commits=planned.commits,
        entries=planned.entries,
        disputed=tuple(said_of(hold(commits, found.changes), found.since)) if from_commits else (),
    )


def write(planned: ChangelogDraft, *, allow_dirty: bool = False) -> None:
    """Write the notes into the changelog.

    Raises: UsageError when it has uncommitted changes, unless they are allowed; WriteError when it cannot be written.
    """
    if not planned.edits:
        return
    if not allow_dirty:
        writing_plans.refuse_dirty(planned.opened, [planned.path])
    writing_plans.write(planned.opened, planned.result)
