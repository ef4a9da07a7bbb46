"""`lockstep init workflow`: a release workflow for what is found here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import WITHOUT_FINDINGS, CommonOptions, Format, Option

if TYPE_CHECKING:
    from lockstep.app.release_workflow import WorkflowResult
    from lockstep.app.session import Session
    from lockstep.cli.output import Output


def command(
    check: Annotated[bool, Option("--check", help="Compare the workflow that is there with what would be written, and write nothing.")] = False,
    update: Annotated[bool, Option("--update", help="Bring the workflow that is there up to date, and keep what you changed.")] = False,
    keep: Annotated[bool, Option("--keep", help="With --update: where both changed, what is there is right.")] = False,
    settings: Annotated[bool, Option("--settings", help="Print what is set once at GitHub and at the registries, and write nothing.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Print the diff and write nothing.")] = False,
    output_file: Annotated[
        str | None, Option("--output", metavar="FILE", help="The workflow, else .github/workflows/release.yml; - prints it.", show_default=False)
    ] = None,
    group: Annotated[str | None, Option("--group", metavar="NAME", help="Whose release; the main group without.", offers="groups")] = None,
    lockstep: Annotated[
        str | None,
        Option("--lockstep", metavar="REQUIREMENT", help="What pip installs lockstep by in the jobs, else this version; . is the repository itself."),
    ] = None,
    branch: Annotated[
        str | None, Option("--branch", metavar="NAME", help="The branch that is released from; else gate.branch of the configuration, or the remote's default.")
    ] = None,
    tag: Annotated[str | None, Option("--tag", metavar="TEMPLATE", help="How release tags are written, v{version}; else as the last ones.")] = None,
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    options: CommonOptions = WITHOUT_FINDINGS,
) -> None:
    """Write .github/workflows/release.yml for the crates, wheels and npm packages that are released here, and list what is set once beside it.

    Jobs check the tag, build, seal, attest, stage, publish to each registry from an environment of its own by trusted publishing, make the release public when
    all of it is verified, and verify it. Actions are pinned, each job may do what it needs, and a re-run is the recovery. Nothing of the repository runs.

    The last lines of the file are a record of what was written. By it --update knows what you changed: that stays, and so do newer pins of actions. Where you
    changed what is written otherwise now, yours stays and you are told. A file that lockstep did not write is left alone.

    Exit code 0: written, or as it should be. 1: --check found a difference, or you have to put two changes together. 2: could not write.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.app.release_workflow import WorkflowRequest, planned, settings_of  # noqa: PLC0415
    from lockstep.cli.output import FINE, FOUND, Output, leave  # noqa: PLC0415
    from lockstep.errors import UsageError  # noqa: PLC0415

    if (check and (update or dry_run)) or (keep and not update):
        raise UsageError("--keep is for --update" if keep else "--check writes nothing", help="lockstep init workflow --check, or --update [--keep]")
    output = Output.of(options)
    opened = output.open(options)
    found = planned(opened, WorkflowRequest(group=group, path=output_file, lockstep=lockstep, branch=branch, tag=tag, keep=keep, renew=update))
    if settings:
        output.report(settings_of(opened, found, os.environ, repository))
        return
    said = _remark(output, found)
    if output_file == "-":
        if output.format is Format.JSON:
            _give(output, found, found.text)
        else:
            output.quote(found.text)
        return
    if check or found.is_recorded or (found.is_current and not update):
        _compare(output, found)
        leave(FINE if found.is_current else FOUND)
        return
    if found.there is not None and not update:
        raise UsageError(
            f"{found.path} is there already, and is not as it would be written now", help="--check shows the difference, --update brings it up to date"
        )
    _write(output, opened, found, dry_run=dry_run)
    if found.there is None and output.format is not Format.JSON:
        output.report(("\n" if said else "") + settings_of(opened, found, os.environ, repository))
    if found.update is not None and found.update.conflicts:
        _compare(output, found)
        leave(FOUND)


def _remark(output: Output, found: WorkflowResult) -> bool:
    from lockstep.app.release_workflow import remarks  # noqa: PLC0415 - likewise

    lines = remarks(found)
    for line in lines:
        output.say(line)
    return bool(lines)


def _compare(output: Output, found: WorkflowResult) -> None:
    """Print how what is there differs from what would be written, conflicts as well."""
    from lockstep.app.release_workflow import with_conflicts  # noqa: PLC0415 - likewise

    if found.is_current:
        output.say(f"{found.path} is as it should be")
    if not found.is_current or output.format is Format.JSON:
        _give(output, found, None if found.is_current else with_conflicts(found).text)


def _give(output: Output, found: WorkflowResult, new: str | None, *, written: bool = False) -> None:
    """Print a diff or, in JSON, both texts; without `new` nothing would be written."""
    from lockstep.reports import data, text  # noqa: PLC0415 - likewise

    if output.format is Format.JSON:
        output.document(data.init(found.path, found.there, found.text if new is None else new, written=written))
    elif new is not None:
        output.report(text.diff({found.path: found.there or ""}, {found.path: new}, output.paint))


def _write(output: Output, opened: Session, found: WorkflowResult, *, dry_run: bool) -> None:
    """Write the workflow, after its diff where it is there already."""
    from lockstep.app.writing_plans import write_file  # noqa: PLC0415 - likewise

    if dry_run or found.there is not None or output.format is Format.JSON:
        _give(output, found, found.text, written=not dry_run)
    if dry_run:
        return
    write_file(opened, found.path, found.there, found.text)
    output.say(f"wrote {found.path}")
