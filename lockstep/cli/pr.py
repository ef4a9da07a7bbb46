"""`lockstep pr`: the release pull request that keeps itself current."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lockstep.app.pr_plan import PullRequestPlan
    from lockstep.cli.output import Output
    from lockstep.release.proposal import Act


def command(
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print title, body and files; ask nobody and write nothing.")] = False,
    merge_tag: Annotated[bool, Option("--merge-tag", help="Tag this commit, where it is the merge of a release pull request, and push the tag.")] = False,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Release this group alone; else all that changed.", offers="groups")] = None,
    to: Annotated[
        str, Option("--to", metavar="STEP", help="patch, minor, major, pre, release or a version, in place of what the changes ask for.", show_default=False)
    ] = "auto",
    date: Annotated[str | None, Option("--date", metavar="DATE", help="The day of the release, for the changelog; today in UTC without it.")] = None,
    branch: Annotated[str | None, Option("--branch", metavar="NAME", help="The branch that is released; else gate.branch, else the remote's default.")] = None,
    remote: Annotated[str, Option("--remote", metavar="NAME", help="The remote that is pushed to.")] = "origin",
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    sign: Annotated[bool, Option("--sign", help="Sign the commit, or the tag, with your git's own settings.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Open the pull request that releases what changed since the last release, keep it current, and close it when nothing is left to release.

    It is planned from the commit that is checked out, which has to be the head of the branch on the remote; work tree, index and HEAD are never touched, and
    no hook runs. Its own branch is pushed only over a commit of lockstep's that nobody has changed. The token is that of GH_TOKEN or GITHUB_TOKEN, with
    contents: write and pull-requests: write.

    Exit code 0: it is as it should be. 1: refused, and the report says why. 2: could not run. 3: it is not known whether it was done.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app import pr, pr_plan, pr_tag  # noqa: PLC0415
    from lockstep.cli.output import FOUND, Output, leave  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415

    output = Output.of(options)
    if merge_tag and (dry_run or group is not None or to != "auto"):
        raise UsageError("--merge-tag goes without --dry-run, --group and --to", help="lockstep pr --merge-tag")
    opened = output.open(options, ref="HEAD")
    asked = pr.UpdateRequest(remote=remote, branch=branch or "", repository=repository, sign=sign)
    if merge_tag:
        _leave(output, None, pr_tag.merge_tag(opened, asked, os.environ, output.say))
        return
    planned = pr_plan.plan(opened, pr_plan.PlanRequest(group=group, to=to, date=date))
    if planned.refused is not None:
        _refuse(output, planned)
        leave(FOUND)
        return
    if dry_run:
        _print(output, planned)
        return
    _leave(output, planned, pr.update(opened, planned, asked, os.environ, output.say))


def _refuse(output: Output, planned: PullRequestPlan) -> None:
    """Print what forbids the bump of a group."""
    from lockstep.reports import data, sentences  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.reports import release_pull_request as report  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415

    assert planned.refused is not None
    findings = getattr(planned.refused, "findings", ())
    document = lambda: report.data("pr", (), planned.skipped, findings=[*map(data.finding, findings)])  # noqa: E731 - made where JSON is wanted
    output.findings(Report(command="pr", tree=planned.commit[:12], findings=findings, success="", document=document))
    output.say(f"refused: {sentences.level_counts(findings)} before the release, nothing was written")
    output.say("  help: lockstep check --fix aligns them first")


def _print(output: Output, planned: PullRequestPlan) -> None:
    from lockstep.reports import release_pull_request as report  # noqa: PLC0415 - `--help` pays for nothing

    if output.format is Format.JSON:
        output.document(report.data("pr", planned.proposals, planned.skipped))
    else:
        output.report(report.planned(planned.proposals, planned.skipped, output.paint, verbose=output.verbose))


def _leave(output: Output, planned: PullRequestPlan | None, acts: Sequence[Act]) -> None:
    """Print what came of it, and leave with the worst of it."""
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.cli.output import FINE, FOUND, UNPROVEN, leave  # noqa: PLC0415
    from lockstep.release.proposal import Outcome  # noqa: PLC0415
    from lockstep.reports import release_pull_request as report  # noqa: PLC0415

    if path := os.environ.get("GITHUB_OUTPUT"):
        from lockstep.writing.github_files import append_outputs  # noqa: PLC0415 - in GitHub Actions alone

        append_outputs(path, report.outputs(acts, tags=planned is None))
    proposals, skipped = (planned.proposals, planned.skipped) if planned is not None else ((), ())
    if output.format is Format.JSON:
        output.document(report.data("pr", proposals, skipped, acts))
    else:
        output.report(report.acted(acts, output.paint))
        if output.verbose:
            output.report("".join(f"{line}\n" for line in report.not_released(skipped)))
    found = {one.outcome for one in acts}
    leave(FOUND if Outcome.REFUSED in found else UNPROVEN if Outcome.UNKNOWN in found else FINE)
