"""`lockstep changelog draft`: notes made of what changed, as far as the code can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.cli.output import Output
    from lockstep.plans.note_draft import Draft
    from lockstep.tree import Overlay


def command(
    base: Annotated[str | None, Option("--base", metavar="REF", help="Compare with this commit; else the group's last release.", offers="refs")] = None,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Whose changelog; without it, the main group's.", offers="groups")] = None,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print the diff and write nothing.")] = False,
    allow_dirty: Annotated[bool, Option("--allow-dirty", help="Edit a changelog that has uncommitted changes.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Write a migration note for each break since the last release, and a line for each addition, into what stands under Unreleased.

    A note says what the code says, shows what stops working, and leaves a TODO where only you know why. What is told already is not drafted again, and
    your words are never changed. With changelog.commits additions and fixes are the subjects of conventional commits; where these announce a break that
    the comparison does not show, or do not announce one that it shows, that is said.

    Exit code 0: drafted, or nothing to add. 2: could not run.
    """
    from lockstep.app import writing_plans  # noqa: PLC0415
    from lockstep.app.changelog_state import changelog_state  # noqa: PLC0415
    from lockstep.app.commit_notes import commits_of, said_of  # noqa: PLC0415
    from lockstep.changelog.announced import hold  # noqa: PLC0415
    from lockstep.changelog.files import is_generated, package_of  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.changelog.sections import is_begun, passed_over, unsafe  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.plans import bump  # noqa: PLC0415
    from lockstep.plans.note_draft import draft  # noqa: PLC0415
    from lockstep.tree import Overlay  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options)
    project = opened.project()
    chosen = bump.choose_group(project, group)
    from_commits = opened.config.changelog.commits
    found = changelog_state(opened, project, chosen, base=base, additions=not from_commits)
    if found.since is None:
        raise UsageError("no release tag is in this history, so there is nothing to draft from", help="name a commit: lockstep changelog draft --base REF")
    if base is None:
        output.say_newer(opened, found.since, "lockstep changelog draft --base {}", chosen.name)
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
    result = Overlay(opened.tree, planned.edits)
    if planned.edits and not allow_dirty and not dry_run:
        writing_plans.refuse_dirty(opened, [kept.path])
    if planned.edits and not dry_run:
        writing_plans.write(opened, result)
    _report(output, opened, planned, result, written=not dry_run, since=found.since)
    for line in said_of(hold(commits, found.changes), found.since) if from_commits else ():
        output.say(line)


def _report(output: Output, opened: Session, planned: Draft, result: Overlay, *, written: bool, since: str) -> None:
    from lockstep.changelog.changes import ChangeKind  # noqa: PLC0415
    from lockstep.changelog.conventional import NoteKind  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    if output.format is Format.JSON:
        output.document(data.changelog("draft", edits=planned.edits, written=written and bool(planned.edits), path=planned.path))
    elif not written or output.verbose:
        output.report(text.diff({path: opened.tree.read(path) for path in result.texts}, result.texts, output.paint))
    if not planned.edits:
        output.say(f"the changelog tells of everything that changed since {since}; nothing to add")
        return
    notes = sum(one.kind is not ChangeKind.ADDITION for one in planned.changes)
    lines = len(planned.changes) - notes + sum(one.kind is NoteKind.ADDED for one in planned.commits)
    rest = len(planned.commits) - sum(one.kind is NoteKind.ADDED for one in planned.commits)
    parts = ((notes, "migration note"), (lines, "addition"), (rest, "other line"))
    said = " and ".join(counted(number, what) for number, what in parts if number)
    output.say(
        f"{planned.path}: {'added' if written else 'would add'} {said}, for what changed since {since}" + ("; TODO marks what only you know" if notes else "")
    )
    if written:
        output.say("next: finish and commit the notes, then bump (or bump --allow-dirty)")
