"""`lockstep show`: what was discovered, and why."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import ConfigOption, Format, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption


def command(
    sites: Annotated[bool, Option("--sites", help="List every place where a version is written.")] = False,
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Show a commit, tag or branch in place of the work tree.")] = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Show the packages, the groups that move together, what stands outside, and why."""
    from lockstep.cli import session  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.reports import data, text  # noqa: PLC0415

    output = session.Output.plain(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    opened = session.at_ref(repo, config, ref) if ref is not None else session.work_tree(repo, config, output)
    project = opened.project()
    for group in project.groups:
        project = opened.learned(project, group)
    if output.format is Format.JSON:
        output.document(data.show(project))
        return
    output.report(output.paint.fold(text.show(project, output.paint, sites=sites)))
    for line in text.findings(project.faults).splitlines():
        output.say(line)
    opened.say_untracked(output)
