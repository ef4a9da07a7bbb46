"""`lockstep release status`: what is where, and what is next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option

if TYPE_CHECKING:
    from lockstep.cli.output import Output
    from lockstep.release.status import Status

CLEAR = "\x1b[H\x1b[2J"
"""What empties a terminal. Source: ECMA-48, CUP and ED"""


def command(
    subject: Annotated[
        str | None,
        Argument(
            metavar="[TAG|CANDIDATE]",
            help="A tag, whose release on GitHub has the candidate as an asset, or the file of a candidate; else lockstep-release.json, else the tag of HEAD.",
            offers="tags",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[
        float | None, Option("--wait", metavar="[SECONDS]", help="Wait for what was accepted and is not visible yet; ten minutes without a number.", bare="600")
    ] = None,
    watch: Annotated[bool, Option("--watch", help="Look again and again until the release is complete, for an hour, or as long as --wait says.")] = False,
    group: Annotated[str | None, Option("--group", metavar="NAME", help="Whose tag is looked for; the main group without.", offers="groups")] = None,
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    no_github: Annotated[bool, Option("--no-github", help="This project makes no release on GitHub: do not ask for one.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Ask every registry what it has of a release, and say what is next.

    Nothing is remembered and nothing is changed: each file of the candidate is absent, pending, verified, in conflict, yanked, or could not be seen. GitHub's
    token is that of GH_TOKEN or GITHUB_TOKEN; it needs `contents: write` to be shown a draft. The other registries are asked as you set up Cargo, pip and npm.

    In a workflow, the outputs are `state`, `next` and `complete`. Exit code 0: complete. 1: a conflict. 2: could not ask. 3: not complete, or not all seen.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_status import StatusRequest, release_status  # noqa: PLC0415
    from lockstep.app.release_subject import CandidateUnseenError  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, complain, leave  # noqa: PLC0415
    from lockstep.release.status import Stage  # noqa: PLC0415
    from lockstep.reports import release_status as report  # noqa: PLC0415

    output = Output.of(options)
    request = StatusRequest(
        folder=options.repo,
        config_file=options.config,
        subject=subject,
        group=group,
        repository=repository,
        on_github=not no_github,
        wait=(3600.0 if watch else 0.0) if wait is None else wait,
        watch=watch,
    )
    try:
        found = release_status(request, os.environ, _progress(output, live=watch), output.say)
    except CandidateUnseenError as error:
        complain(error)
        _append({"state": Stage.UNSEEN, "next": "", "complete": "false"})
        leave(UNPROVEN)
        return
    _append(report.outputs(found))
    if output.format is Format.JSON:
        output.document(report.data(found))
    else:
        if watch and _is_live(output):
            output.report(CLEAR)
        output.report(output.paint.fold(report.text(found, output.paint)))
    leave({Stage.COMPLETE: FINE, Stage.CONFLICT: FOUND}.get(found.stage, UNPROVEN))


def _append(values: dict[str, str]) -> None:
    """Write the outputs of a step, where it is one."""
    import os  # noqa: PLC0415 - likewise

    if path := os.environ.get("GITHUB_OUTPUT"):
        from lockstep.writing.github_files import append_outputs  # noqa: PLC0415 - in GitHub Actions alone

        append_outputs(path, values)


def _progress(output: Output, *, live: bool) -> Callable[[Status, float], None]:
    """Give what tells of a look that is followed by another: the table in its place on a terminal, else a line of what has changed."""
    import sys  # noqa: PLC0415 - likewise

    from lockstep.reports import release_status as report  # noqa: PLC0415 - likewise

    known: dict[str, str] = {}

    def draw(found: Status, pause: float) -> None:
        sys.stdout.write(f"{CLEAR}{output.paint.fold(report.text(found, output.paint))}\nagain in {pause:.0f} s; Ctrl-C ends it\n")
        sys.stdout.flush()

    def line(found: Status, pause: float) -> None:
        states = {one.artifact: str(one.state) for one in (*found.observations, *found.others)}
        for name, state in states.items():
            if known.get(name) not in (None, state):
                output.say(f"{name}: {known[name]}, now {state}")
        known.update(states)
        output.say(f"{report.summary(found)}; again in {pause:.0f} s")

    return draw if live and _is_live(output) else line


def _is_live(output: Output) -> bool:
    """Say whether a table can be drawn over itself."""
    import os  # noqa: PLC0415 - likewise
    import sys  # noqa: PLC0415 - likewise

    return output.format is Format.TEXT and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
