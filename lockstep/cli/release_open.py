"""`lockstep release open`: the draft becomes public, when everything is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions
from lockstep.cli.release_acting import Candidate, DryRun, Group, Slug, Subject, act, named

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.release.acted import Acted


def command(
    subject: Subject = None,
    candidate: Candidate = None,
    dry_run: DryRun = False,
    group: Group = None,
    repository: Slug = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Make the release on GitHub public, if and only if every file is seen at its registry with the candidate's digest, now.

    The tag has to be that of the candidate, and the candidate and SHA256SUMS have to be attached. It becomes the latest release unless it is a pre-release,
    or older than the latest; where that cannot be told, GitHub decides. The token is that of GH_TOKEN or GITHUB_TOKEN, with contents: write.

    Exit code 0: it is public. 1: refused, or a conflict. 2: could not be done. 3: something is missing, or could not be seen.
    """

    def run(output: Output) -> Acted:
        import os  # noqa: PLC0415 - `--help` pays for nothing

        from lockstep.app.release_stage import StageRequest, open_release  # noqa: PLC0415
        from lockstep.app.release_status import StatusRequest  # noqa: PLC0415

        status = StatusRequest(folder=options.repo, config_file=options.config, subject=named(subject, candidate), group=group, repository=repository)
        return open_release(StageRequest(status=status, dry_run=dry_run), os.environ, output.say)

    act(options, run)
