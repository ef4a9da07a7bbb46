"""`lockstep release prove`: does cargo pack a crate to the candidate's bytes?"""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option
from lockstep.cli.release_acting import Candidate, Group, Subject, named


def command(
    artifact: Annotated[str, Argument(metavar="ARTIFACT", help="A crate of the candidate: its id (crates.io:NAME) or its file's name.", show_default=False)],
    subject: Subject = None,
    candidate: Candidate = None,
    no_verify: Annotated[bool, Option("--no-verify", help="Pack alone, and build nothing: no code of the repository runs.")] = False,
    group: Group = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Pack a crate once more with cargo package --locked, and compare its bytes with the candidate's.

    IT RUNS CARGO, AND WITH IT THE REPOSITORY'S CODE: build scripts and procedural macros run where cargo builds what it packed. No other command does that;
    with --no-verify this one does not either. The crates of the candidate that it needs are packed with it, so that none has to be published. The commit of
    the candidate has to be checked out. No token is needed, and cargo is given none.

    Exit code 0: the same bytes. 1: other bytes, or cargo cannot pack it. 2: could not be done.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_prove import prove  # noqa: PLC0415
    from lockstep.app.release_status import StatusRequest  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, Output, leave  # noqa: PLC0415
    from lockstep.reports import release_act as report  # noqa: PLC0415

    output = Output.of(options)
    release = named(subject, candidate)
    tagged = release is not None and not os.path.isfile(release)
    request = StatusRequest(folder=options.repo, config_file=options.config, subject=release, group=group, on_github=tagged)
    found = prove(artifact, request, os.environ, output.say, builds=not no_verify)
    if output.format is Format.JSON:
        output.document(report.proof_data(found.artifact, found.packed, found.why))
    else:
        output.report(output.paint.fold(report.proof(found.artifact, found.packed, found.why, output.paint)))
    leave(FOUND if found.why else FINE)
