"""The check of a tree: do all places agree, does the tag say the same, is nothing owed?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lockstep.dataclass import dataclass
from lockstep.model import Edit, Finding, Level
from lockstep.project.project import Project
from lockstep.repository.git_trees import WorkTree
from lockstep.rules import judge
from lockstep.writing import journal_files

if TYPE_CHECKING:
    from lockstep.app.changelog_state import ReleaseDebts
    from lockstep.app.session import Session
    from lockstep.tree import Overlay


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found in a project; `debts` is what a release owes, None where that was not wanted."""

    project: Project
    findings: tuple[Finding, ...]
    debts: ReleaseDebts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixPlan:
    """What aligns a work tree: the edits, the files as they will be, and the project and the findings that they make."""

    opened: Session
    edits: tuple[Edit, ...]
    result: Overlay
    project: Project
    findings: tuple[Finding, ...]


def check(opened: Session, project: Project | None = None, *, tag: str | None = None, release: bool = False, base: str | None = None) -> CheckResult:
    """Check that every version, requirement and lock agrees; with `tag` that it says the same, with `release` what a release owes.

    `project` is that of the session, where it is known. With `base`, a comment that accepts a finding counts where that commit has it.

    Raises: LockstepError when a manifest cannot be read.
    """
    project = project or opened.checked_project()
    findings = judge(project)
    if findings or opened.config.waivers:
        from lockstep.app.accepted import accepted  # noqa: PLC0415 - most checks find nothing

        files = dict.fromkeys(one.place.path for one in findings)
        findings = list(accepted(opened, findings, room="consistency", files=files, base=base))
    if tag is not None:
        from lockstep.rules import judge_tag  # noqa: PLC0415 - only a release workflow has a tag
        from lockstep.rules.tag import TagClaim  # noqa: PLC0415

        reading = opened.release_tags(project).read(tag.removeprefix("refs/tags/"))
        findings += judge_tag(TagClaim(reading=reading, project=project))
    findings += opened.policy_changes
    debts = None
    if release:
        from lockstep.app.changelog_state import release_debts  # noqa: PLC0415 - reads surfaces

        debts = release_debts(opened, project)
        findings += debts.findings
    return CheckResult(project=project, findings=tuple(findings), debts=debts)


def plan_fix(opened: Session, project: Project | None = None, *, only: Finding | None = None) -> FixPlan | None:
    """Plan what aligns a tree, or the place of one finding with all that follows from it; None where nothing can be aligned. Nothing is written.

    `project` is that of the session, where it is known.

    Raises: WriteError when the result would have an error that was not there before.
    """
    from lockstep.app import writing_plans  # noqa: PLC0415 - most checks write nothing
    from lockstep.plans import bump  # noqa: PLC0415

    project = project or opened.checked_project()
    edits = [edit for edit in bump.plan_fix(project) if only is None or edit.site.place == only.place]
    mended = {lock.path for lock in project.locks if lock.mended is not None and (only is None or lock.path == only.place.path)}
    if not edits and not mended:
        return None
    settled = writing_plans.settle(opened, project, edits, repair=only is None, mending=mended)
    before = judge(project)
    if only is None:
        settled = writing_plans.with_late_places(opened, project, before, settled, repair=True)
    writing_plans.refuse_new_errors(before, settled.findings)
    if only is not None and any((one.rule, one.place.path, one.message) == (only.rule, only.place.path, only.message) for one in settled.findings):
        return None
    return FixPlan(opened=opened, edits=settled.edits, result=settled.result, project=settled.project, findings=tuple(settled.findings))


def align(opened: Session) -> tuple[Project, tuple[Edit, ...]]:
    """Write what aligns the work tree, all or nothing; give the project as it is then, and the edits.

    Raises: WriteError when the result would have an error that was not there before.
    """
    project = opened.checked_project()
    planned = plan_fix(opened, project)
    if planned is None:
        return project, ()
    write(planned)
    return opened.checked_project(planned.project, planned.result), planned.edits


def write(planned: FixPlan) -> None:
    """Write what aligns a work tree, all or nothing.

    Raises: WriteError when a file changed meanwhile or cannot be written: the tree is the old one then.
    """
    from lockstep.app import writing_plans  # noqa: PLC0415 - likewise

    writing_plans.write(planned.opened, planned.result)


def was_written_meanwhile(opened: Session, found: CheckResult, begun: int) -> bool:
    """Say whether errors may come of half a write: a file of the project changed since `begun`, in nanoseconds, or somebody writes still."""
    root = opened.repository.root
    if root is None or not isinstance(opened.tree, WorkTree) or not any(one.level is Level.ERROR for one in found.findings):
        return False
    if journal_files.exist(opened.repository.git_dir):
        return True
    paths = {*(site.path for site in found.project.sites), *(one.place.path for one in found.findings)}
    return any(_changed(os.path.join(root, path)) >= begun for path in paths)


def _changed(path: str) -> int:
    """Give when a file was written or put there, in nanoseconds; 0 where it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return 0
    return max(found.st_ctime_ns, found.st_mtime_ns)
