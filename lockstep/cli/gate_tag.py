"""`lockstep gate tag`: is this a release tag, and does it say what the project says?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from lockstep.cli.options import COMMON, Argument, CommonOptions, Option
from lockstep.model import Policy


def command(
    tag: Annotated[str, Argument(metavar="TAG", help="The tag, as v1.2.3; refs/tags/v1.2.3 is the same.", show_default=False, offers="tags")],
    require: Annotated[
        Policy | None, Option("--require", help="What the tag must be; without it, what gate.tags in the configuration says.", show_default=False)
    ] = None,
    signers: Annotated[
        Path | None,
        Option("--allowed-signers", metavar="FILE", help="Whose SSH signatures count; without it, your own gpg.ssh.allowedSignersFile.", show_default=False),
    ] = None,
    options: CommonOptions = COMMON,
) -> None:
    """Check a release tag: a stable version, the same as everywhere in the project at that commit, and in the changelog.

    A pre-release is skipped: exit code 0, with `ok=false` and `outcome=skip` in $GITHUB_OUTPUT. `ok=true`, `version` and `commit` stand there for a tag that
    may be released. Any other tag is refused. Offline; runs nothing of the repository.

    Exit code 0: a release tag, or a pre-release that is skipped. 1: refused. 2: could not ask. 3: the signature cannot be verified here.
    """
    from lockstep.app.gate import gate_tag  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.gate_report import leave_with  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.model import Outcome  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.escape import printable  # noqa: PLC0415

    output = Output.of(options)
    found = gate_tag(options.repo, tag, require=require, signers=signers, config_file=options.config)
    by = f", signed by {found.signed_by}" if found.signed_by else ""
    success = (
        f"{printable(found.tag)} is a pre-release, and no stable release: skipped\n"
        if found.outcome is Outcome.SKIP
        else f"{found.tag} at {found.commit[:12]}{by}: the project is at {found.version}\n"
    )
    values = {"tag": found.tag, "version": str(found.version or ""), "commit": found.commit}
    findings = output.brief(found.findings)
    leave_with(output, found.outcome, findings, success, data.gate("gate tag", found.outcome, findings, **values), values)
