"""`lockstep gate head`: is this the current head of the default branch?"""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import COMMON, Argument, CommonOptions, Option


def command(
    ref: Annotated[str, Argument(metavar="[REF]", help="A tag, branch or commit; HEAD without it.", show_default=False, offers="refs")] = "HEAD",
    remote: Annotated[str, Option("--remote", metavar="NAME|URL", help="Which remote to ask.")] = "origin",
    branch: Annotated[
        str | None,
        Option("--branch", metavar="NAME", help="Which branch; without it, gate.branch of the configuration, or the remote's default.", show_default=False),
    ] = None,
    options: CommonOptions = COMMON,
) -> None:
    """Check that a commit is the head of the default branch, as the remote has it now.

    An older head, a commit inside of a merged branch, one of another branch and one that was not pushed are told apart. Asks the remote by
    `git ls-remote`; runs nothing of the repository, nor what its git configuration names.

    Exit code 0: it is the head. 1: it is not. 2: could not ask. 3: the remote is not visible.
    """
    from lockstep.app.gate import gate_head  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.gate_report import leave_with  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415

    output = Output.of(options)
    result = gate_head(options.repo, ref, remote=remote, branch=branch, config_file=options.config)
    found, findings = result.position, result.findings
    success = f"{printable(found.ref)} at {found.commit[:12]} is the head of {printable(found.branch)}\n"
    values = {"branch": found.branch, "commit": found.commit}
    document = data.gate("gate head", result.outcome, findings, ref=found.ref, stands=str(found.stands), head=found.head or None, **values)
    leave_with(output, result.outcome, findings, success, document, values)
