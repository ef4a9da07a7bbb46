"""What the commands that act share: how they print what came of it, and leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import Argument, CommonOptions, Format, Option

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.release.acted import Acted

Subject = Annotated[
    str | None,
    Argument(
        metavar="[TAG|CANDIDATE]",
        help="A tag, whose release on GitHub has the candidate as an asset, or the file of a candidate; else lockstep-release.json, else the tag of HEAD.",
        offers="tags",
        show_default=False,
    ),
]
Candidate = Annotated[str | None, Option("--candidate", metavar="TAG|FILE", help="The same as TAG|CANDIDATE.", offers="tags")]
DryRun = Annotated[bool, Option("--dry-run", help="Look, and print what would be asked; ask nobody for anything else.")]
Dist = Annotated[str | None, Option("--dist", metavar="DIR", help="Where the built files lie; else beside the candidate, and in dist.")]
Wait = Annotated[float, Option("--wait", metavar="[SECONDS]", help="Wait until everybody sees it; ten minutes without a number.", bare="600")]
Slug = Annotated[str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")]
NoGithub = Annotated[bool, Option("--no-github", help="This project makes no release on GitHub: do not ask for one.")]
Group = Annotated[str | None, Option("--group", metavar="NAME", help="Whose tag is looked for; the main group without.", offers="groups")]


def named(subject: str | None, candidate: str | None) -> str | None:
    """Give the one release that is named, by its place in the line or by the option.

    Raises: UsageError where they name two.
    """
    if subject is not None and candidate is not None and subject != candidate:
        from lockstep.errors import UsageError  # noqa: PLC0415 - `--help` pays for nothing

        raise UsageError(f"{subject} and --candidate {candidate} name two releases", help="name one of them")
    return candidate if subject is None else subject


def act(options: CommonOptions, run: Callable[[Output], Acted]) -> None:
    """Run an act, print what came of it, and leave: 0 done, or done before; 1 refused; 3 not known yet, or waiting for something."""
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_subject import CandidateUnseenError  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, complain, leave  # noqa: PLC0415
    from lockstep.release.acted import Outcome  # noqa: PLC0415
    from lockstep.release.candidate import CandidateError  # noqa: PLC0415
    from lockstep.reports import release_act as report  # noqa: PLC0415

    output = Output.of(options)
    try:
        found = run(output)
    except (CandidateUnseenError, CandidateError) as error:
        complain(error)
        leave(UNPROVEN if isinstance(error, CandidateUnseenError) else FOUND)
        return
    if path := os.environ.get("GITHUB_OUTPUT"):
        from lockstep.writing.github_files import append_outputs  # noqa: PLC0415 - in GitHub Actions alone

        append_outputs(path, report.outputs(found))
    if output.format is Format.JSON:
        output.document(report.data(found))
    else:
        output.report(output.paint.fold(report.text(found, output.paint)))
    leave({Outcome.REFUSED: FOUND, Outcome.SENT: UNPROVEN, Outcome.WAITING: UNPROVEN}.get(found.outcome, FINE))
