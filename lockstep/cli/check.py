"""`lockstep check`: do all the places agree?"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import COMMON, BaseOption, CommonOptions, Format, Option

if TYPE_CHECKING:
    from lockstep.app.changelog_state import ReleaseDebts
    from lockstep.cli.output import Output


ATTEMPTS = 8
"""So often a tree is read while somebody writes to it."""
NOTES = "\x1f"
"""Stands between the count of the notes and the notes in what is kept; not in a check that found nothing."""


def command(
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Check a commit, tag or branch in place of the work tree.", offers="refs")] = None,
    staged: Annotated[bool, Option("--staged", help="Check what the next commit would hold: for a pre-commit hook.")] = False,
    fix: Annotated[bool, Option("--fix", help="Align what drifted, and check again.")] = False,
    tag: Annotated[str | None, Option("--tag", metavar="TAG", help="The tag must say the same version: for a release workflow.", offers="tags")] = None,
    release: Annotated[bool, Option("--release", help="Add what a release owes: notes of every break, dated and in order.")] = False,
    strict: Annotated[bool, Option("--strict", help="A warning counts as an error.")] = False,
    base: BaseOption = None,
    options: CommonOptions = COMMON,
) -> None:
    """Check that every version, requirement and lock agrees. Offline; runs nothing of the repository.

    Exit code 0: all agree. 1: something does not, and the report says where. 2: could not check. 3: with --release, notes are
    owed, and the changelog cannot be read.
    """
    kept = None
    plain = not (ref is not None or fix or tag is not None or release or base is not None or options.config is not None or options.verbose)
    if plain and options.format_ in (None, Format.TEXT) and not os.environ.get("GITHUB_ACTIONS") and not sys.stdout.isatty():
        from lockstep.app.kept_check import kept_check  # noqa: PLC0415 - `--help` pays for nothing

        kept = kept_check(options.repo, staged=staged)
        if kept is not None and (said := kept.said()) is not None:
            counted, notes, told = said.rpartition(NOTES)
            sys.stdout.write("" if options.quiet and not notes else told)
            sys.stdout.flush()  # a log of both has them in their order
            sys.stderr.write(f"{counted}\n" if notes and not options.quiet else "")
            return
    from lockstep.app import check  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave, say_unseen, say_untracked  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.model import Level  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415
    from lockstep.reports.sentences import level_counts  # noqa: PLC0415

    output = Output.of(options)
    if sum((ref is not None, staged, fix)) > 1:
        raise UsageError("--ref, --staged and --fix exclude each other: only the work tree can be fixed", help="choose one of them")
    for left in range(ATTEMPTS, 0, -1):
        begun = time.time_ns()
        opened = output.open(options, ref=ref, staged=staged, base=base)
        project, fixed = check.align(opened) if fix else (opened.checked_project(), ())
        found = check.check(opened, project, tag=tag, release=release, base=base)
        if fix or left == 1 or not check.was_written_meanwhile(opened, found, begun):
            break
    findings = found.findings if found.debts is None else output.brief(found.findings)
    if found.debts is not None:
        _say_debts(output, found.debts)
    report = Report(
        command="check",
        tree=opened.tree.name,
        findings=tuple(findings),
        success=text.in_step(project),
        document=lambda: data.check(opened.tree.name, findings, project, fixed),
        fixed=fixed,
        strict=strict,
    )
    output.findings(report)
    noted = all(one.level is Level.NOTE for one in findings)
    counted = f"{level_counts(findings)}; all else agrees: {text.agreeing(project)}"
    if findings and noted and output.format in (Format.TEXT, Format.GITHUB):
        output.say(counted)
    else:
        output.count(report)
    say_unseen(output, opened)
    if kept is not None and project.packages and noted:
        kept.keep(opened, NOTES.join((counted, text.findings(findings))) if findings else report.success)
    if options.verbose or not project.packages:
        say_untracked(output, opened)
    hidden = found.debts is not None and found.debts.unreadable
    leave(FOUND if report.fails else UNPROVEN if hidden else FINE)


def _say_debts(output: Output, debts: ReleaseDebts) -> None:
    """Say which steps are not proven, and which changelogs cannot be read although something is owed."""
    from lockstep.reports import sentences  # noqa: PLC0415 - only a release owes anything

    for review in debts.unproven:
        output.say(sentences.verdict(review).rstrip("\n") + "; lockstep diff lists them")
    for state in debts.unreadable:
        for line in state.account():
            output.say(line)
