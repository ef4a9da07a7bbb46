"""`lockstep show`: what was discovered, and why."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option


def command(
    sites: Annotated[bool, Option("--sites", help="List every place where a version is written.")] = False,
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Show a commit, tag or branch in place of the work tree.", offers="refs")] = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Show the packages, the groups that move together, what stands outside, and why."""
    from lockstep.cli.output import Output, say_unseen, say_untracked  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.reports import data, packages_text, text  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, ref=ref)
    project = opened.project_with_learned_sites()
    tags = opened.release_tags(project).summary()
    if output.format is Format.JSON:
        output.document(data.show(project, tags))
        return
    output.report(output.paint.fold(packages_text.show(project, output.paint, tags=tags, sites=sites, verbose=output.verbose)))
    for line in text.findings(project.faults).splitlines():
        output.say(line)
    say_unseen(output, opened)
    say_untracked(output, opened)
