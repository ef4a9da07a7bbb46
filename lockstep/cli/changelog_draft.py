"""`lockstep changelog draft`: notes made of what changed, as far as the code can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option
from lockstep.wording import counted

if TYPE_CHECKING:
    from lockstep.app.changelog_draft import ChangelogDraft
    from lockstep.cli.output import Output


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
    from lockstep.app.changelog_draft import draft_changelog, write  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import Output  # noqa: PLC0415

    output = Output.of(options)
    planned = draft_changelog(output.open(options), group, base=base)
    if base is None:
        output.say_newer(planned.opened, planned.since, "lockstep changelog draft --base {}", planned.group)
    if not dry_run:
        write(planned, allow_dirty=allow_dirty)
    _report(output, planned, written=not dry_run)
    for line in planned.disputed:
        output.say(line)


def _report(output: Output, planned: ChangelogDraft, *, written: bool) -> None:
    from lockstep.changelog.conventional import NoteKind  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    if output.format is Format.JSON:
        output.document(data.changelog("draft", edits=planned.edits, written=written and bool(planned.edits), path=planned.path))
    elif not written or output.verbose:
        after = planned.result.texts
        output.report(text.diff({path: planned.opened.tree.read(path) for path in after}, after, output.paint))
    if not planned.edits:
        output.say(f"the changelog tells of everything that changed since {planned.since}; nothing to add")
        return
    notes, lines = planned.entries
    added = sum(one.kind is NoteKind.ADDED for one in planned.commits)
    parts = ((notes, "migration note"), (lines + added, "addition"), (len(planned.commits) - added, "other line"))
    said = " and ".join(counted(number, what) for number, what in parts if number)
    told = f" of {counted(len(planned.changes), 'change')}" if len(planned.changes) > notes + lines else ""
    output.say(
        f"{planned.path}: {'added' if written else 'would add'} {said}{told}, for what changed since {planned.since}"
        + ("; TODO marks what only you know" if any("TODO" in one.new for one in planned.edits) else "")
    )
    if written:
        output.say("next: finish and commit the notes, then bump (or bump --allow-dirty)")
