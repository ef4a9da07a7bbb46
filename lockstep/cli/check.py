"""`lockstep check`: do all the places agree?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import BaseOption, ConfigOption, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption

if TYPE_CHECKING:
    from lockstep.cli.session import Session
    from lockstep.model import Edit
    from lockstep.project.project import Project


def command(
    ref: Annotated[str | None, Option("--ref", metavar="REF", help="Check a commit, tag or branch in place of the work tree.", offers="refs")] = None,
    staged: Annotated[bool, Option("--staged", help="Check what the next commit would hold: for a pre-commit hook.")] = False,
    fix: Annotated[bool, Option("--fix", help="Align what drifted, and check again.")] = False,
    tag: Annotated[str | None, Option("--tag", metavar="TAG", help="The tag must say the same version: for a release workflow.", offers="tags")] = None,
    release: Annotated[bool, Option("--release", help="Add what a release owes: notes of every break, dated and in order.")] = False,
    strict: Annotated[bool, Option("--strict", help="A warning counts as an error.")] = False,
    base: BaseOption = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Check that every version, requirement and lock agrees. Offline; runs nothing of the repository.

    Exit code 0: all agree. 1: something does not, and the report says where. 2: could not check. 3: with --release, notes are
    owed, and the changelog cannot be read.
    """
    from lockstep.cli import session  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.errors import UsageError  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.reports.told import Told  # noqa: PLC0415
    from lockstep.rules import judge, judge_tag  # noqa: PLC0415
    from lockstep.rules.tag import TagClaim  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    if sum((ref is not None, staged, fix)) > 1:
        raise UsageError("--ref, --staged and --fix exclude each other: only the work tree can be fixed", help="choose one of them")
    opened = (
        session.at_ref(repo, config, ref, base)
        if ref is not None
        else session.at_index(repo, config, output, base)
        if staged
        else session.work_tree(repo, config, output, base)
    )
    project = opened.project()
    fixed: tuple[Edit, ...] = ()
    if fix:
        project, fixed = _fix(opened, project)
    findings = judge(project)
    if tag is not None:
        findings += judge_tag(TagClaim(tag=tag, template=opened.config.tag, project=project))
    findings += opened.told
    hidden = False
    if release:
        from lockstep.cli.noting import judge_release  # noqa: PLC0415 - reads surfaces

        owed, hidden = judge_release(opened, project, config, output)
        findings += owed
    told = Told(
        command="check",
        tree=opened.tree.name,
        findings=tuple(findings),
        fine=text.in_step(project),
        document=lambda: data.check(opened.tree.name, findings, project, fixed),
        fixed=fixed,
        strict=strict,
    )
    output.findings(told)
    output.count(told)
    if verbose or not project.packages:
        opened.say_untracked(output)
    session.leave(session.FOUND if told.fails else session.UNPROVEN if hidden else session.FINE)


def _fix(opened: Session, project: Project) -> tuple[Project, tuple[Edit, ...]]:
    """Write what aligns the project; give the project as it is then, and the edits."""
    from lockstep.cli import writing  # noqa: PLC0415
    from lockstep.plans.bump import plan_fix  # noqa: PLC0415
    from lockstep.rules import judge  # noqa: PLC0415

    edits = plan_fix(project)
    if not edits and all(lock.mended is None for lock in project.locks):
        return project, ()
    edits, result, after, findings = writing.settle(opened, project, edits, repair=True)
    writing.refuse_new_errors(judge(project), findings)
    writing.write(opened, result)
    return after, edits
