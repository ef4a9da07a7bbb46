"""`lockstep bump`: move a group to its next version, everywhere at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option
from lockstep.versions.version import PreKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lockstep.app.bump import BumpPlan, Refusal
    from lockstep.cli.output import Output
    from lockstep.model import Finding, Plan, Recorded


def command(
    to: Annotated[
        str,
        Argument(
            metavar="patch|minor|major|pre|release|auto|VERSION",
            help="The part to move (auto: as much as the changes since the last release require), or the version in full.",
            show_default=False,
            offers="steps",
        ),
    ],
    pre: Annotated[PreKind | None, Option("--pre", help="Go to a pre-release of that version; with pre, to its next number.", show_default=False)] = None,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print the diff and write nothing.")] = False,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="The group to move; without it, the main one.", offers="groups")] = None,
    fix: Annotated[bool, Option("--fix", help="Move places along that drifted, in place of refusing.")] = False,
    force: Annotated[
        bool, Option("--force", help="Allow a step backwards, or one that is too small for what changed; tag a release with a break that no note names.")
    ] = False,
    commit: Annotated[bool, Option("--commit", help="Commit the edited files, and nothing else; your hooks run.")] = False,
    tag: Annotated[
        bool, Option("--tag", help="Tag that commit with an annotated tag; includes --commit. Refused while a break has no note or a TODO is left.")
    ] = False,
    sign: Annotated[bool, Option("--sign", help="Sign the commit and the tag.")] = False,
    date: Annotated[str | None, Option("--date", metavar="DATE", help="The day of the release, for the changelog; today in UTC without it.")] = None,
    allow_dirty: Annotated[bool, Option("--allow-dirty", help="Edit files too that have uncommitted changes.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Move the version of a group everywhere at once: manifests, requirements, locks, copies, the changelog. All or nothing; never pushes.

    What stands under Unreleased becomes the new version's, dated --date, else SOURCE_DATE_EPOCH, else today. The result is checked before the first byte is
    written. With --tag, where the changelog can be read and there is a last release, a break that no note names, or a TODO left in the section that is
    released, is refused, --force aside; without --tag TODOs are a warning, and breaks too where the step had them counted.

    Exit code 0: bumped. 1: refused, and the report lists why. 2: could not run.
    """
    from lockstep.app import bump  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import FOUND, Output, leave, say_unseen  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options)
    request = bump.BumpRequest(
        to=to,
        pre=pre,
        group=group,
        fix=fix,
        force=force,
        commit=commit,
        tag=tag,
        sign=sign,
        date=date,
        allow_dirty=allow_dirty,
        writes=not dry_run,
    )
    planned = bump.plan_bump(opened, request)
    if not isinstance(planned, bump.BumpPlan):
        _refuse(output, planned)
        leave(FOUND)
        return
    recorded = None if dry_run else bump.apply(planned)
    try:
        _report(output, planned, recorded, dry_run=dry_run)
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("nothing was changed" if dry_run else "everything was written before")
        raise
    for lock in () if recorded is None else recorded.locks:
        output.say(f"{lock}: this lock of git's appeared with the commit, and still stands")
        output.say("  help: delete the file as soon as no other git is at work in this repository")
    _say_what_is_left(output, planned, others=group is None)
    say_unseen(output, opened)


def _refuse(output: Output, refusal: Refusal) -> None:
    """Print why a bump is not made."""
    from lockstep.app.bump import Drift, TooSmall  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.reports import sentences  # noqa: PLC0415

    if isinstance(refusal, TooSmall):
        output.review(refusal.review)
        output.say(f"refused: {refusal.new} is too small for what changed since {refusal.since}; nothing was written")
        output.say(f"  help: lockstep bump {refusal.review.level}, or --force if it must be {refusal.new}")
    elif isinstance(refusal, Drift):
        _list(output, refusal.plan, refusal.findings)
        output.say(f"refused: {sentences.level_counts(refusal.findings)} before the bump, nothing was written")
        output.say("  help: lockstep check --fix aligns them first; lockstep bump --fix moves them along")
    else:
        _list(output, refusal.plan, refusal.notes.findings)


def _list(output: Output, plan: Plan, findings: Sequence[Finding]) -> None:
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415

    document = lambda: data.bump(plan, written=False, findings=findings)  # noqa: E731 - made where JSON is wanted
    output.findings(Report(command="bump", tree="work tree", findings=tuple(findings), success="", document=document))


def _report(output: Output, planned: BumpPlan, recorded: Recorded | None, *, dry_run: bool) -> None:
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415
    from lockstep.tree import Overlay  # noqa: PLC0415

    plan, tree = planned.plan, planned.opened.tree
    if output.format is Format.JSON:
        output.document(data.bump(plan, written=not dry_run, recorded=recorded))
        return
    if dry_run:
        after = Overlay(tree, plan.edits).texts
        output.report(text.diff({path: tree.read(path) for path in after}, after, output.paint))
        output.say(text.plan(plan, written=False).rstrip("\n"))
    elif not output.quiet:
        output.report(text.plan(plan, written=True))
        if recorded is not None and recorded.commit:
            output.report(f"committed {recorded.commit[:9]}" + (f", tagged {recorded.tag}" if recorded.tag else "") + "; nothing was pushed\n")
        if output.verbose:
            output.report("".join(printable(f"  {edit.site.place}  {edit.site.text} -> {edit.new}") + "\n" for edit in plan.edits))


def _say_what_is_left(output: Output, planned: BumpPlan, *, others: bool) -> None:
    """Say what became of the changelogs, what other tools have to do, and which groups stayed."""
    if not planned.plan.edits:
        output.say(f"every place says {planned.plan.new} already; nothing to write")
    for one in planned.promotions:
        output.say(f"{one.path}: {one.summary}" if one.path else one.summary)
    for left in planned.left:
        output.say(left)
    if others and planned.others:
        output.say(f"left alone: {', '.join(planned.others)}; --group moves another group")
