"""`lockstep changelog check`: does the changelog tell of everything that it owes?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import COMMON, CommonOptions, Option

if TYPE_CHECKING:
    from lockstep.app.changelog_state import ChangelogState
    from lockstep.cli.output import Output


def command(
    base: Annotated[str | None, Option("--base", metavar="REF", help="Compare with this commit; else the group's last release.", offers="refs")] = None,
    policy: Annotated[
        str | None, Option("--policy", metavar="REF", help="The configuration of this commit counts, not the one at hand.", offers="refs")
    ] = None,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Whose changelog; without it, the main group's.", offers="groups")] = None,
    strict: Annotated[bool, Option("--strict", help="A warning counts as an error.")] = False,
    options: CommonOptions = COMMON,
) -> None:
    """Check that every break since the last release has a note that names it, and that the changelog is finished, dated and in order.

    Exit code 0: it tells of everything. 1: something is missing, and the report says what. 2: could not run. 3: the changelog cannot be read, and
    something is owed.
    """
    from lockstep.app.changelog_state import changelog  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, base=policy)
    result = changelog(opened, group, base=base)
    found, findings = result.state, output.brief(result.findings)
    report = Report(
        command="changelog check",
        tree=opened.tree.name,
        findings=tuple(findings),
        success="",
        document=lambda: data.changelog("check", findings=findings),
        strict=strict,
    )
    output.findings(report)
    _say(output, found)
    if base is None and found.since is not None:
        output.say_newer(opened, found.since, "lockstep changelog check --base {}", result.group.name)
    if findings:
        output.count(report)
    leave(FOUND if report.fails else UNPROVEN if found.hidden else FINE)


def _say(output: Output, found: ChangelogState) -> None:
    """Say what was compared, and what could not be read."""
    for line in found.account():
        output.say(line)
    if not found.logs:
        output.say("no changelog")
    if found.since is None:
        output.say("no release tag is in this history: what changed is not known, only the changelog's own order was checked")
    else:
        owed = len(found.changes)
        output.say(f"since {found.since}: {owed or 'no'} change{'' if owed == 1 else 's'} that the changelog should tell of")
