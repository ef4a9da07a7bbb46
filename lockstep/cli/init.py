"""`lockstep init`: write down what lockstep inferred; `init_workflow` writes a release workflow."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option

NAMES = ("workflow",)


def command(
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print the diff and write nothing.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Write the configuration from what was discovered and learned; without it nothing changes but what a clone without history can know.

    The diff comes first. Comments and order of the file stay; options that are set already are not touched.
    """
    from lockstep.app.writing_plans import write_file  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.plans.configure import plan_configuration  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options)
    project = opened.project_with_learned_sites()
    tag = opened.release_tags(project).template(project.groups[0]) if project.groups else "v{version}"
    planned = plan_configuration(opened.tree, opened.config, project, tag)
    if output.format is Format.JSON:
        path, old, new = (planned.path, planned.old, planned.new) if planned is not None else (None, None, None)
        output.document(data.init(path, old, new, written=planned is not None and not dry_run))
    if planned is None:
        output.say("nothing to write down: what lockstep infers here, it infers without history too")
        return
    if output.format is not Format.JSON:
        output.report(text.diff({planned.path: planned.old or ""}, {planned.path: planned.new}, output.paint))
    if not dry_run:
        write_file(opened, planned.path, planned.old, planned.new)
        output.say(f"wrote {planned.path}")
