"""`lockstep release plan`: what goes where, and in which order."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option


def command(
    group: Annotated[str | None, Option("--group", metavar="NAME", help="Which group; the main one without.", offers="groups")] = None,
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Plan the release of a commit or tag in place of the work tree.", offers="refs")] = None,
    mermaid: Annotated[bool, Option("--mermaid", help="Print the order as a Mermaid diagram.")] = False,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Say which packages of a group are published where, in which order, and which files they owe. Offline; builds and runs nothing.

    What another package needs goes first: normal, build, optional and versioned dev-dependencies of crates, requirements of Python packages, platform
    packages of npm. A package owes its crate or npm tarball where a workflow is seen to publish it, and wheels and sdist as the jobs of the release workflow
    build them; --verbose names each file.
    What an expression or a tool's default decides is named as not told. The environments are those of the jobs that publish.

    Exit code 0: there is an order. 1: packages need each other in a circle.
    """
    from lockstep.app.publish_routes import seen_by_workflows  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.app.release_files import owed_files  # noqa: PLC0415 - likewise
    from lockstep.app.release_plan import plan_release  # noqa: PLC0415 - likewise
    from lockstep.cli.output import FINE, FOUND, Output, leave  # noqa: PLC0415
    from lockstep.reports import release_plan  # noqa: PLC0415

    output = Output.of(options)
    opened = output.open(options, ref=ref)
    found = plan_release(opened, group)
    owing = seen_by_workflows(opened, found.packages, owed_files(opened, found.packages))
    if output.format is Format.JSON:
        output.document(release_plan.data(found, owing))
    elif mermaid:
        output.report(release_plan.mermaid(found.packages, found.needs))
    else:
        output.report(output.paint.fold(release_plan.text(found, owing, verbose=options.verbose)))
    leave(FOUND if found.order.circle else FINE)
