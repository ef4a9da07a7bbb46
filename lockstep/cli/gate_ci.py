"""`lockstep gate ci`: did every gated workflow succeed for this very commit?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import COMMON, Argument, CommonOptions, Option

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.workflow.commit_runs import Checks


def command(
    ref: Annotated[
        str | None,
        Argument(metavar="[REF]", help="The tag, branch or commit; else GITHUB_SHA in GitHub Actions, HEAD elsewhere.", show_default=False, offers="refs"),
    ] = None,
    workflow: Annotated[
        list[str] | None,
        Option(
            "--workflow",
            "-w",
            metavar="NAME",
            help="A workflow that must have succeeded, as ci.yml; repeatable. Else gate.workflows, else those that run for every push.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[
        float | None, Option("--wait", metavar="[SECONDS]", help="Wait for what is not finished; half an hour without a number.", bare="1800")
    ] = None,
    branch: Annotated[
        str | None, Option("--branch", metavar="BRANCH", help="The branch that was pushed to; else gate.branch, else the default branch.")
    ] = None,
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    options: CommonOptions = COMMON,
) -> None:
    """Check that every gated workflow succeeded for this commit.

    Asks GitHub for the runs that a push of this very commit to the default branch started, and takes the newest attempt. The token is that of
    GH_TOKEN or GITHUB_TOKEN; it needs `actions: read`.

    Exit code 0: all succeeded. 1: one did not, or not yet. 2: could not ask. 3: GitHub does not show it.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.gate_ci import CiRequest, gate_ci  # noqa: PLC0415
    from lockstep.cli.gate_report import leave_with  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    output = Output.of(options)
    request = CiRequest(folder=options.repo, config_file=options.config, ref=ref, workflows=workflow or (), wait=wait, branch=branch, repository=repository)
    progress, clear = _progress(output)

    def say(line: str) -> None:
        clear()
        output.say(line)

    try:
        result = gate_ci(request, os.environ, progress, say)
    finally:
        clear()
    document = data.gate("gate ci", result.outcome, result.findings, **data.runs(result.checks))
    leave_with(output, result.outcome, result.findings, text.green(result.checks), document, {"commit": result.commit})


def _progress(output: Output) -> tuple[Callable[[Checks, float], None], Callable[[], None]]:
    """Give what tells on a terminal what is waited for, and what clears that line."""
    import sys  # noqa: PLC0415

    from lockstep.reports import text  # noqa: PLC0415

    if output.quiet or not sys.stderr.isatty():
        return lambda *_: None, lambda: None

    def write(line: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{line}")
        sys.stderr.flush()

    return lambda found, left: write(text.waiting(found, left)), lambda: write("")
