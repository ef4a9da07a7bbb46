"""The release pull request, planned from a commit: which groups it releases, the files as they will be, and what it says. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.app import bump
from lockstep.app.pr_facts import GroupFacts, facts_of
from lockstep.app.pr_notes import drafted, notes_of
from lockstep.app.release_plan import needs_between
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.model import Ecosystem, Requires, Role
from lockstep.plans.bump import next_version
from lockstep.plans.release_step import choose
from lockstep.release.order import NeedKind
from lockstep.release.proposal import GroupRelease, Moved, Proposal, Skipped, mark
from lockstep.reports import release_pull_request as report
from lockstep.repository.git_trees import GitTree
from lockstep.repository.planned_tree import PlannedTree
from lockstep.surfaces.rust_source.crates import Opened
from lockstep.versions import tag_names
from lockstep.wording import first_few

MOST_LEADERS = 2
"""Packages that are named where others move with them."""

if TYPE_CHECKING:
    from lockstep.app.bump import Refusal
    from lockstep.app.session import Session
    from lockstep.model import Group, Package
    from lockstep.project.project import Project
    from lockstep.review.review import Review
    from lockstep.versions.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is wanted: one `group` or all, the step `to` in place of what the changes ask for, and the day of the release."""

    group: str | None = None
    to: str = "auto"
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestPlan:
    """The pull requests that there should be, the groups that release nothing, and the branches of groups that have nothing to release.

    `refused` is the bump that cannot be planned, where there is one.
    """

    commit: str
    proposals: tuple[Proposal, ...]
    skipped: tuple[Skipped, ...] = ()
    idle: tuple[str, ...] = ()
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A group that is to be released: where it goes, and why."""

    facts: GroupFacts
    new: Version
    why: str
    level: Requires | None
    dependent: bool = False


class _RefusedError(Exception):
    """A bump of a group is refused; it never leaves this module."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


def plan(opened: Session, request: PlanRequest) -> PullRequestPlan:
    """Plan the pull requests of a commit.

    Raises: UsageError when there is no such group, or no release to compare with; LockstepError as `bump.plan_bump` does.
    """
    assert isinstance(opened.tree, GitTree)
    project = opened.project()
    found = list(facts_of(opened, project, request.group))
    wanted, skipped = _wanted(opened, project, found, request)
    if not wanted and found and all(one.release is None for one in found):
        hint = "git fetch --tags --unshallow, or fetch-depth: 0 in CI" if opened.repository.shallow else "tag the first release: lockstep bump VERSION --tag"
        raise UsageError("no release tag is in this history, so there is nothing to compare with", help=hint)
    each = opened.config.pr.groups == "each"
    shares = [[one] for one in wanted] if each else [wanted] if wanted else []
    try:
        proposals = tuple(_proposal(opened, project, found, share, request, each=each) for share in shares)
    except _RefusedError as error:
        return PullRequestPlan(commit=opened.tree.sha, proposals=(), skipped=tuple(skipped), refused=error.refusal)
    taken = {one.branch for one in proposals}
    names = [one.name for one in found] if each else [_branch_group(project, found)]
    idle = tuple(one for one in dict.fromkeys(branch_of(opened, name) for name in names) if one not in taken)
    return PullRequestPlan(commit=opened.tree.sha, proposals=proposals, skipped=tuple(skipped), idle=idle)


def branch_of(opened: Session, group: str) -> str:
    """Give the branch of a group's pull request, with what no branch may have in its name left out.

    Source: git-check-ref-format(1)
    """
    plain = "".join(char if char.isalnum() or char in "-_." else "-" for char in group).strip("-.").replace("..", ".")
    return opened.config.pr.branch.replace("{group}", plain or "main")


def _branch_group(project: Project, found: Sequence[GroupFacts]) -> str:
    """Give the group after which the pull request of all of them is called: the main one, whether it is released or not."""
    return project.groups[0].name if project.groups else found[0].name if found else "main"


def _wanted(opened: Session, project: Project, found: Sequence[GroupFacts], request: PlanRequest) -> tuple[list[_Wanted], list[Skipped]]:
    """Choose the step of each group that has something to release; say why of the others."""
    wanted, skipped = [], []
    for one in found:
        name = one.name
        if one.release is None:
            skipped.append(Skipped(group=name, why="no release tag of it is in this history: tag its first release, lockstep bump VERSION --tag"))
            continue
        if not one.changed(opened, project) and request.to == "auto":
            skipped.append(Skipped(group=name, why=f"nothing that its users get changed since {one.release.tag}"))
            continue
        if one.elsewhere and request.to == "auto":
            skipped.append(Skipped(group=one.name, why=f"{one.elsewhere} is not in this history (a release branch?): --to names the step"))
            continue
        step = choose(
            one.release.version,
            one.version,
            one.required(opened, project),
            one.announced(opened, project),
            since=one.release.tag,
            released=one.is_released_pre,
            read=one.is_read(opened, project),
        )
        if request.to != "auto":
            step = replace(step, new=next_version(one.group, request.to, None), why=f"{request.to} is asked for; {step.why}")
        if step.new is None:
            skipped.append(Skipped(group=name, why=step.why))
            continue
        wanted.append(_Wanted(facts=one, new=step.new, why=step.why, level=step.level))
    return wanted, skipped


def _proposal(opened: Session, project: Project, found: Sequence[GroupFacts], wanted: Sequence[_Wanted], request: PlanRequest, *, each: bool) -> Proposal:
    """Plan one pull request: the bumps of its groups one on the other, then those of what depends on them, until nothing more does."""
    assert isinstance(opened.tree, GitTree)
    texts: dict[str, str] = {}
    releases: list[GroupRelease] = []
    reviews: dict[str, Review] = {}
    left: list[str] = []
    waiting, known = list(wanted), {one.facts.name for one in wanted}
    while waiting:
        one = waiting.pop(0)
        before = replace(opened, tree=PlannedTree(opened.tree, texts))
        texts |= drafted(before, one.facts)
        planned = _bumped(replace(opened, tree=PlannedTree(opened.tree, texts)), one, request)
        texts |= planned.result.texts
        left += [said for said in (*planned.left, *_changelogs_left(planned)) if said not in left]
        releases.append(_release(opened, project, one, planned))
        if one.facts.since is not None:
            reviews[one.facts.name] = one.facts.since.step_to(one.new)
        if not each:
            more = [two for two in _dependents(opened, project, found, planned, one) if two.facts.name not in known]
            known |= {two.facts.name for two in more}
            waiting += more
    after = replace(opened, tree=PlannedTree(opened.tree, texts))
    releases = [notes_of(after, one, facts) for one, facts in ((one, next(two for two in found if two.name == one.group)) for one in releases)]
    title = _title(opened, releases)
    said = tuple(releases)
    files = {path: text.encode() for path, text in sorted(texts.items()) if text.encode() != opened.tree.read_bytes(path)}
    branch = branch_of(opened, wanted[0].facts.name if each else _branch_group(project, found))
    changed = {path: report.changed_lines(opened.tree.read(path), data.decode()) for path, data in files.items()}
    body = report.body(said, reviews, [*files], left, mark(title, said))
    return Proposal(branch=branch, releases=said, title=title, body=body, message=title, files=files, changed=changed, left=tuple(left))


def _changelogs_left(planned: bump.BumpPlan) -> Iterator[str]:
    """Say which changelogs the bump leaves alone, and why."""
    return (f"{one.path}: {one.summary}" for one in planned.promotions if one.path and not one.edits)


def _bumped(opened: Session, one: _Wanted, request: PlanRequest) -> bump.BumpPlan:
    name = one.facts.group.packages[0].id if one.facts.alone else one.facts.group.name
    wanted = bump.BumpRequest(to=str(one.new), group=name, date=request.date, allow_dirty=True, writes=False, compared=True)
    planned = bump.plan_bump(opened, wanted)
    if not isinstance(planned, bump.BumpPlan):
        raise _RefusedError(planned)
    return planned


def _release(opened: Session, project: Project, one: _Wanted, planned: bump.BumpPlan) -> GroupRelease:
    group, facts = one.facts.group, one.facts
    assert facts.release is not None
    rows = tuple(
        Moved(
            package=package.name,
            ecosystem=package.ecosystem.value,
            old=str(package.version),
            new=spelled((package,), group.version_of(package, planned.plan.new)),
            why=_why_of(package, one),
        )
        for package in group.packages
        if package.version is not None
    )
    return GroupRelease(
        group=facts.name,
        old=str(planned.plan.old),
        new=spelled(group.packages, planned.plan.new),
        tag=tag_of(opened, project, group, planned.plan.new),
        since=facts.release.tag,
        level=None if one.level is None else one.level.value,
        why=one.why,
        packages=rows,
        disputed=tuple(facts.disputed(opened, project)),
        unproven=facts.since is not None and facts.since.step_to(planned.plan.new).verdict.value == "unproven",
        dependent=one.dependent,
        unread=not one.dependent and not facts.is_read(opened, project),
    )


def _why_of(package: Package, one: _Wanted) -> str:
    """Say why a package moves: for what changed in it, or with the packages of its group that ask for the step."""
    since, others = one.facts.since, {two.name for two in one.facts.group.packages} - {package.name}
    if since is None or one.level is None or one.dependent or not others:
        return one.why
    review = since.step_to(one.facts.version)
    asking = [row.package for row in review.rows if row.level is one.level]
    if package.name in asking or not asking:
        return one.why
    return f"moves with {first_few(sorted(set(asking)), MOST_LEADERS)}"


def tag_of(opened: Session, project: Project, group: Group, version: Version) -> str:
    """Give the name of the tag of a version of a group, as a bump would write it."""
    tags = opened.release_tags(project)
    return tag_names.write(tags.template(group), version, group.name, tags.newest(group), python=_is_python(group.packages))


def spelled(packages: Sequence[Package], version: Version) -> str:
    """Write a version as packages spell it: as PEP 440 has it where all are Python's."""
    return tag_names.write("{version}", version, python=_is_python(packages))


def _is_python(packages: Sequence[Package]) -> bool:
    return all(package.ecosystem is Ecosystem.PYTHON for package in packages)


def _title(opened: Session, releases: Sequence[GroupRelease]) -> str:
    """Give the title: the message of a bump's commit, for several groups with all of their names."""
    own = [one for one in releases if not one.dependent] or list(releases)
    if len(releases) == 1:
        return opened.config.message.replace("{version}", releases[0].new).replace("{group}", releases[0].group)
    named = [f"{one.group} {one.new}" for one in [*own, *(one for one in releases if one not in own)]]
    rest = f" and {len(named) - report.MOST_IN_TITLE} more" if len(named) > report.MOST_IN_TITLE else ""
    return f"Release {', '.join(named[: report.MOST_IN_TITLE])}{rest}"


def _dependents(opened: Session, project: Project, found: Sequence[GroupFacts], planned: bump.BumpPlan, cause: _Wanted) -> Iterator[_Wanted]:
    """Give the groups that need a patch: their packages need one whose requirement moved, in a manifest of theirs or of their workspace."""
    moved = {edit.site.package.id: edit for edit in planned.plan.edits if edit.site.role is Role.REQUIREMENT}
    if not moved:
        return
    everything: Mapping[str, Package] = {package.id: package for package in project.packages}
    for need in needs_between(Opened(opened.tree).crates, project, everything):
        if need.on not in moved or need.kind is NeedKind.DEV:
            continue
        for facts in found:
            package = next((one for one in facts.group.packages if one.id == need.package), None)
            if package is None or facts.group is cause.facts.group or facts.release is None:
                continue
            step = choose(facts.release.version, facts.version, Requires.PATCH, None, since=facts.release.tag, released=facts.is_released_pre)
            if step.new is not None:
                edit = moved[need.on]
                why = f"{package.name} requires {edit.site.package.name} {edit.new} now"
                yield _Wanted(facts=facts, new=step.new, why=why, level=Requires.PATCH, dependent=True)
