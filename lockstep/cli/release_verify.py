"""`lockstep release verify`: what a stranger can prove of a release afterwards."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option


def command(
    tag: Annotated[str, Argument(metavar="TAG", help="The release tag, v1.2.0.", offers="tags", show_default=False)],
    candidate: Annotated[
        str | None, Option("--candidate", metavar="FILE", help="The candidate, where it is at hand; else the asset lockstep-release.json of the release.")
    ] = None,
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    workflow: Annotated[
        str | None, Option("--workflow", metavar="FILE", help="The workflow that publishes, release.yml; else as the project at the tag says.")
    ] = None,
    environment: Annotated[
        str | None, Option("--environment", metavar="NAME", help="The environment that publishes; else as the workflow at the tag says.")
    ] = None,
    attested: Annotated[bool, Option("--attested", help="Every file must have an attestation, and its signature must hold.")] = False,
    immutable: Annotated[bool, Option("--immutable", help="The release on GitHub must be immutable.")] = False,
    group: Annotated[str | None, Option("--group", metavar="NAME", help="Which group; the main one without.", offers="groups")] = None,
    no_github: Annotated[bool, Option("--no-github", help="This project makes no release on GitHub: do not ask for one.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Prove, from public answers alone, that a release is what it claims to be. No trust in whoever released it is needed, and no token.

    Every file is read from its registry and compared with the candidate, the assets and the sums of the release. The crate itself, crates.io, PyPI, npm and
    GitHub are asked from which commit, repository, workflow and environment it came: all must say the same. The tag, the release and docs.rs are looked at.
    Each question is proven, refuted, or not visible; what could not be asked is never taken for fine.

    Without a candidate the project at the tag says which packages there are, and registries which files. Signatures need the extra: pip install
    'lockstep-release[attest]'. Exit code 0: all that was promised is proven. 1: something is refuted. 2: could not ask. 3: something that
    matters is not visible.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_subject import CandidateUnseenError  # noqa: PLC0415
    from lockstep.app.release_verify import VerifyRequest, verify_release  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, complain, leave  # noqa: PLC0415
    from lockstep.release.answer import Verdict  # noqa: PLC0415
    from lockstep.release.candidate import CandidateError  # noqa: PLC0415
    from lockstep.reports import release_verify as report  # noqa: PLC0415

    output = Output.of(options)
    request = VerifyRequest(
        tag=tag,
        folder=options.repo,
        config_file=options.config,
        group=group,
        repository=repository,
        on_github=not no_github,
        candidate=candidate,
        workflow=workflow,
        environment=environment,
        attested=attested,
        immutable=immutable,
    )
    try:
        found = verify_release(request, os.environ, output.say)
    except (CandidateUnseenError, CandidateError) as error:
        complain(error)
        leave(UNPROVEN if isinstance(error, CandidateUnseenError) else FOUND)
        return
    if output.format is Format.JSON:
        output.document(report.data(found.release, found.answers, found.verdict))
    else:
        output.report(output.paint.fold(report.text(found.release, found.answers, found.verdict, output.paint, verbose=options.verbose)))
    leave({Verdict.PROVEN: FINE, Verdict.REFUTED: FOUND}.get(found.verdict, UNPROVEN))
