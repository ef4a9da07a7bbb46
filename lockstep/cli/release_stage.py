"""`lockstep release stage`: the draft on GitHub and what is attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Option
from lockstep.cli.release_acting import Candidate, Dist, DryRun, Group, Slug, Subject, act, named

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.release.acted import Acted


def command(
    subject: Subject = None,
    candidate: Candidate = None,
    dist: Dist = None,
    dry_run: DryRun = False,
    notes: Annotated[str | None, Option("--notes", metavar="FILE", help="The text of the release, for a draft that is made now.")] = None,
    all_files: Annotated[bool, Option("--all-files", help="Attach the packages too, not the candidate and SHA256SUMS alone.")] = False,
    group: Group = None,
    repository: Slug = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Make the draft of a release on GitHub, where there is none, and attach what it lacks: the candidate, SHA256SUMS, and the files that belong there.

    A file that is attached already is compared by its digest and never replaced, nothing is deleted, and the draft stays a draft. Every registry is asked
    first: a conflict anywhere stops it. The token is that of GH_TOKEN or GITHUB_TOKEN, with contents: write.

    Exit code 0: the draft has everything. 1: refused, or a conflict. 2: could not be done. 3: something could not be seen, or what came of it is not known.
    """

    def run(output: Output) -> Acted:
        import os  # noqa: PLC0415 - `--help` pays for nothing

        from lockstep.app.release_stage import StageRequest, stage  # noqa: PLC0415
        from lockstep.app.release_status import StatusRequest  # noqa: PLC0415

        status = StatusRequest(folder=options.repo, config_file=options.config, subject=named(subject, candidate), group=group, repository=repository)
        return stage(StageRequest(status=status, dist=dist, notes=notes, all_files=all_files, dry_run=dry_run), os.environ, output.say)

    act(options, run)
