"""`lockstep release seal`: are the built files what the tag says? Then they are written down as the candidate."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import COMMON, Argument, CommonOptions, Format, Option


def command(
    files: Annotated[
        str, Argument(metavar="FILE|DIR...", help="The built files, or their folders: wheels, sdists, crates, npm tarballs.", several=True, show_default=False)
    ],
    tag: Annotated[str | None, Option("--tag", metavar="TAG", help="The release tag; else the one of the commit that is checked out.", offers="tags")] = None,
    group: Annotated[str | None, Option("--group", metavar="NAME", help="Which group; the main one without.", offers="groups")] = None,
    output_folder: Annotated[str | None, Option("--output", metavar="DIR", help="Where to write lockstep-release.json and SHA256SUMS.")] = None,
    partial: Annotated[bool, Option("--partial", help="These are a part of the files, others are built elsewhere: what is missing is no fault.")] = False,
    offline: Annotated[bool, Option("--offline", help="Ask no registry: every file is taken for one that is not published yet.")] = False,
    options: CommonOptions = COMMON,
) -> None:
    """Open every built file without extracting it, prove that it is what the tag says, and write the candidate of the release.

    Registries are asked which files of this version they own already, as after a release that broke off: their bytes are the truth, are read, opened as the
    built ones are, and take their place, in DIR/served where they are other bytes. Nothing is uploaded, and nothing of the repository runs.

    Exit code 0: sealed. 1: a file is not what the release promises, or one is missing. 2: could not read. 3: a registry could not be asked, or it is not
    told whether a file that is there is the release's.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_seal import asking, seal, tag_here  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, UNPROVEN, Output, leave  # noqa: PLC0415
    from lockstep.model import Level  # noqa: PLC0415
    from lockstep.release.candidate import FILE, SUMS, sums, written  # noqa: PLC0415
    from lockstep.reports import data, release_seal  # noqa: PLC0415
    from lockstep.reports.report import Report  # noqa: PLC0415
    from lockstep.wording import counted  # noqa: PLC0415

    output = Output.of(options)
    name = tag_here(output.open(options, ref="HEAD"), group) if tag is None else tag.removeprefix("refs/tags/")
    opened = output.open(options, ref=f"refs/tags/{name}")
    ask = None if offline else asking(opened, os.environ, output.say)
    found = seal(opened, name, files.split("\n"), group, partial=partial, ask=ask)
    place = output_folder or "."
    said = f"sealed: {counted(len(found.files), 'file')} of {name}"
    said += f", {counted(len(found.served), 'file')} as registries serve them already" if found.served else ""
    if found.candidate is not None:
        from lockstep.writing.artifacts import write_artifacts  # noqa: PLC0415 - nothing is written where something refuses

        write_artifacts(place, {f"served/{one}": body for one, body in found.bodies.items()})
        write_artifacts(place, {SUMS: sums(found.candidate), FILE: written(found.candidate)})
        said += f", in {place}/{FILE} and {place}/{SUMS}" if output_folder else f", in {FILE} and {SUMS}"
    report = Report(
        command="release seal",
        tree=name,
        findings=found.findings,
        success=f"{said}\n" if found.candidate is not None else "",
        document=lambda: release_seal.data(name, found.candidate, found.files, found.served, [data.finding(one) for one in found.findings]),
    )
    output.findings(report)
    output.count(report)
    if found.candidate is not None and found.findings and output.format is Format.TEXT:
        output.say(said)
    refused = any(one.level is Level.ERROR for one in found.findings)
    leave(FINE if found.candidate is not None else FOUND if refused else UNPROVEN)
