"""`lockstep surface`: what each package promises at one moment, as data."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import Argument, ConfigOption, Format, FormatOption, NoColorOption, QuietOption, RepoOption, VerboseOption


def command(
    ref: Annotated[str | None, Argument(metavar="[REF]", help="The commit to read; without it, the work tree.", show_default=False, offers="refs")] = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """List what each package offers: names, signatures, places, and what could not be seen. Offline; builds and runs nothing.

    Hidden names (private, or below a private module) are in the JSON, and in the text with -v.
    """
    from lockstep.cache import Cache  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli import comparing, keeping, session  # noqa: PLC0415
    from lockstep.reports import data, review  # noqa: PLC0415

    output = session.Output.plain(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    opened = session.work_tree(repo, config, output) if ref is None else session.at_ref(repo, config, ref)
    found = comparing.moment(opened, Cache(keeping.folder()))
    if output.format is Format.JSON:
        output.document(data.surface(found))
    else:
        output.report(output.paint.fold(review.surface(found, output.paint, verbose=verbose)))
