"""`lockstep changelog show`: the section of a version, as release notes."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, Argument, CommonOptions, Format, Option


def command(
    version: Annotated[str | None, Argument(metavar="VERSION", help="The version, in any spelling, or unreleased.", show_default=False, offers="tags")] = None,
    group: Annotated[str | None, Option("--group", "-g", metavar="GROUP", help="Whose changelog; without it, the main group's.", offers="groups")] = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Print the section of a version as release notes: without its heading, its links absolute.

    Exit code 0: printed. 2: there is no such section.
    """
    from lockstep.app.changelog_show import release_notes  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.reports import data  # noqa: PLC0415

    output = Output.of(options)
    found = release_notes(output.open(options), version, group)
    if output.format is Format.JSON:
        output.document(data.changelog("show", path=found.path, version=found.version, date=found.date, text=found.text))
    else:
        output.quote(f"{found.text}\n" if found.text else "")
    if not found.text:
        output.say(f"{found.path}:{found.line}: the section is empty")
