"""`lockstep surface`: what each package promises at one moment, as data."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format


def command(
    ref: Annotated[str | None, Argument(metavar="[REF]", help="The commit to read; without it, the work tree.", show_default=False, offers="refs")] = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """List what each package offers: names, signatures, places, and what could not be analysed. Offline; builds and runs nothing.

    Hidden names (private, or below a private module) are in the JSON, and in the text with -v.
    """
    from lockstep.app.surfaces import read_surfaces  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415
    from lockstep.reports.review_text import surface_text  # noqa: PLC0415

    output = Output.of(options)
    found = read_surfaces(output.open(options, ref=ref))
    if output.format is Format.JSON:
        output.document(data.surface(found))
    else:
        output.report(output.paint.fold(surface_text(found, output.paint, verbose=options.verbose)))
