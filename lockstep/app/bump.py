"""The bump of a group: which step it makes, whether that may be made, every edit of it, and the write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from lockstep.app import writing_plans
from lockstep.app.release_day import release_day
from lockstep.app.release_readiness import BREAK, TODO, Unfinished, unfinished_notes
from lockstep.app.required_step import required_version, review_step
from lockstep.dataclass import dataclass, replace
from lockstep.errors import UsageError
from lockstep.model import Edit, Finding, Group, Plan, Record, Recorded, Site
from lockstep.plans import bump
from lockstep.plans.promotion import Promotion, merged_edits, promote
from lockstep.rules import judge
from lockstep.versions.bump import Bump
from lockstep.versions.version import PreKind, Version
from lockstep.wording import first_few

if TYPE_CHECKING:
    from lockstep.app.diff import SinceRelease
    from lockstep.app.session import Session
    from lockstep.project.project import Project
    from lockstep.project.release_tags import ReleaseTags
    from lockstep.review.review import Review
    from lockstep.tree import Overlay

_LOCK_WRITERS = {"Podfile.lock": "pod install", "pubspec.lock": "dart pub get", "composer.lock": "composer update --lock"}
"""The locks that only their own tools write, each with its tool.

Sources: https://guides.cocoapods.org, https://dart.dev/tools/pub/cmd/pub-get, https://getcomposer.org/doc/03-cli.md
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpRequest:
    """What is wanted: `to` is a part to move (patch, minor, major, pre, release, auto) or a version in full; the rest is as the options of `bump` say.

    `writes` is False where nothing will be written: uncommitted changes are only told then. `compared` says that who asks has compared the step with the
    last release already.
    """

    to: str
    pre: PreKind | None = None
    group: str | None = None
    fix: bool = False
    force: bool = False
    commit: bool = False
    tag: bool = False
    sign: bool = False
    date: str | None = None
    allow_dirty: bool = False
    writes: bool = True
    compared: bool = False

    @property
    def records(self) -> bool:
        """Whether a commit is wanted."""
        return self.commit or self.tag or self.sign

    @property
    def names_version(self) -> bool:
        """Whether a version in full is given, or found by auto, and no part to move."""
        return self.to not in tuple(Bump)


_PROSE = (".md", ".markdown", ".rst", ".adoc", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSmall:
    """The step is too small for what changed since the last release, whose tag is `since`."""

    new: Version
    since: str
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Places of the group disagree before the bump."""

    plan: Plan
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesUnfinished:
    """A tag is wanted, and the notes of the release lack something."""

    plan: Plan
    notes: Unfinished


Refusal: TypeAlias = TooSmall | Drift | NotesUnfinished
"""Why a bump is not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpPlan:
    """A bump that may be made: the edits, the files as they will be, and what becomes of the changelogs.

    `record` is what to commit and tag, None where no commit is wanted. `left` says what a person or another tool has to do after it. `others` are the
    groups that stay where they are.
    """

    opened: Session
    plan: Plan
    result: Overlay
    record: Record | None
    promotions: tuple[Promotion, ...]
    left: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What is known about the step: whose it is, where it leads, the release tags, and the comparison with the last release, where one was made."""

    group: Group
    old: Version
    new: Version
    tags: ReleaseTags
    since: SinceRelease | None = None


def plan_bump(opened: Session, request: BumpRequest) -> BumpPlan | Refusal:
    """Plan the bump of a group in the work tree; nothing is written.

    Raises: UsageError when no such step can be made, VersionError when a place cannot spell the version, WriteError when the result would have an error
    that was not there before.
    """
    project = opened.project()
    step = _choose_step(opened, project, request)
    findings = judge(project)
    drift = bump.drift(findings, project, step.group, step.new)
    fix = request.fix or bump.completes_bump(step.group, step.new, drift)
    _check_direction(opened, step, request, fix=fix)
    if not request.force:
        _refuse_released(opened, step, named=request.names_version)
    _say_skipped(opened, step)
    step, refusal = _compared(opened, project, step, request)
    if refusal is not None:
        return refusal
    project = _with_every_place(opened, project, step)
    drift += bump.broken_copies(judge(project), project, step.group, step.new)
    plan = bump.plan_bump(project, step.group, step.new, partial(_written_before, opened, step))
    plan = _without_dated_prose(opened, plan)
    plan = replace(plan, edits=(*plan.edits, *_dates_beside(opened, plan, request.date)))
    if drift and not fix:
        return Drift(plan=plan, findings=tuple(drift))
    promotions = _promotions(opened, project, step, request.date)
    if (notes := _notes_that_forbid(opened, project, step, promotions, request)) is not None:
        return NotesUnfinished(plan=plan, notes=notes)
    settled = writing_plans.settle_learned(opened, project, findings, merged_edits(plan.edits, promotions), repair=fix)
    settled = writing_plans.with_late_places(opened, project, findings, settled, repair=fix)
    plan = replace(plan, edits=settled.edits)
    writing_plans.refuse_new_errors(findings, settled.findings)
    record = _record(opened, step, sign=request.sign, tag=request.tag) if request.records else None
    if not request.allow_dirty:
        writing_plans.refuse_dirty(opened, plan.paths, writes=request.writes)
    left = (*settled.stuck, *writing_plans.left_to_tools(findings, settled.findings), *writing_plans.left_stale(project, settled.project))
    left = (*left, *_locks_left(opened, plan, step), *_pre_releases_needed(opened, project, step))
    others = tuple(group.name for group in project.groups if group.name != step.group.name)
    return BumpPlan(opened=opened, plan=plan, result=settled.result, record=record, promotions=tuple(promotions), left=left, others=others)


def apply(planned: BumpPlan) -> Recorded | None:
    """Write a bump into the work tree, all or nothing, and commit and tag it where that is wanted; give what was recorded.

    Raises: WriteError when a file changed meanwhile or cannot be written, or git refuses: the tree is the old one then.
    """
    if planned.record is not None:
        return writing_plans.write_and_record(planned.opened, planned.result, planned.record)
    writing_plans.write(planned.opened, planned.result)
    return None


def _choose_step(opened: Session, project: Project, request: BumpRequest) -> _Step:
    """Choose the group and the version; a version in full that is another group's next one is that group's."""
    group, to = bump.choose_group(project, request.group), request.to
    since: SinceRelease | None = None
    if to == "auto":
        version, level, since = required_version(opened, project, group)
        to = str(version)
        release = "nothing" if level is None else f"a {level} release"
        opened.listener.say(f"since {since.tag} the changes require {release}" + ("" if level else ", so it is a patch"))
    new = bump.next_version(group, to, request.pre)
    if request.group is None and request.names_version and (other := bump.group_of_step(project, group, new)) is not group:
        opened.listener.say(f"{new} is the next step of {other.name}, which is at {other.version}; {group.name} is at {group.version} and stays there")
        group, since = other, None
    assert group.version is not None
    return _Step(group=group, old=group.version, new=new, tags=opened.release_tags(project), since=since)


def _check_direction(opened: Session, step: _Step, request: BumpRequest, *, fix: bool) -> None:
    """Refuse a step backwards, unless by force; say why a part to move gives the release of a pre-release."""
    if not request.force:
        bump.check_step(step.old, step.new, fix=fix)
    if (reason := bump.release_of_pre(step.old, step.new, request.to)) is not None:
        opened.listener.say(reason)


def _refuse_released(opened: Session, step: _Step, *, named: bool) -> None:
    """Refuse a step to a version that a tag has already, wherever it is; say so where a person named the version in full.

    Raises: UsageError.
    """
    if step.new.is_same(step.old):
        return
    tags = step.tags.of(step.group)
    released = next((one for one in tags if one.says(step.new)), None)
    if released is None:
        return
    highest = max(tags, key=lambda one: one.version)
    what = f"the tag {released.tag} exists already: {step.new} is released" + (f"; the highest release is {highest.tag}" if highest is not released else "")
    if named:
        opened.listener.say(what)
    else:
        raise UsageError(what, help="name a version above it, or --force if that release is withdrawn")


def _say_skipped(opened: Session, step: _Step) -> None:
    """Say that a step passes over a version that no tag has: it was written for a release that was not made, or whose tag is not in this clone."""
    tags = step.tags.of(step.group)
    newest = max((one for one in tags if one.version.final), key=lambda one: one.version, default=None)
    if newest is None or not step.old.final or not newest.version < step.old < step.new or any(one.says(step.old) for one in tags):
        return
    opened.listener.say(f"{step.old} has no tag here (the newest is {newest.tag}), and {step.new} skips it; to release {step.old}, tag it as it is")


def _locks_left(opened: Session, plan: Plan, step: _Step) -> Iterator[str]:
    """Name the locks of other tools that stay behind."""
    tools = {path: tool for name, tool in _LOCK_WRITERS.items() for path in opened.tree.paths(f"**/{name}")}
    if tools:
        from lockstep.plans.foreign_locks import left_behind  # noqa: PLC0415 - few repositories have one

        yield from left_behind(opened.tree, tools, plan, step.old)


def _pre_releases_needed(opened: Session, project: Project, step: _Step) -> Iterator[str]:
    """Say what a release would require of packages that move on their own, and that are at a pre-release: users get that, or cargo finds nothing."""
    mine = {one.id for one in step.group.packages}
    before = [one for one in project.packages if one.id not in mine and one.version is not None and not one.version.final and one.publish is not False]
    if not step.new.final or not before:
        return
    from lockstep.app.release_plan import plan_release  # noqa: PLC0415 - few releases are beside pre-releases

    needed = {one.on for one in plan_release(opened, step.group.name).elsewhere}
    named = [f"{one.name} {one.version}" for one in before if one.id in needed]
    if named:
        yield f"{step.new} still requires pre-releases of other groups ({first_few(named, 4)}): move these first, else the release depends on them"


def _compared(opened: Session, project: Project, step: _Step, request: BumpRequest) -> tuple[_Step, TooSmall | None]:
    """Compare a small step with the last release. What a person has decided, by force or by a version in full, is said and goes on."""
    made = None if request.compared else review_step(opened, project, step.group, step.new)
    if made is None:
        return step, None
    since, review = made
    verdict = review.verdict.value
    if verdict == "unproven":
        from lockstep.reports import sentences  # noqa: PLC0415 - only what is not proven is said

        opened.listener.say(f"{sentences.verdict(review).rstrip()}; lockstep diff lists them")
    if verdict == "too-small":
        if not request.force and not request.names_version:
            return step, TooSmall(new=step.new, since=since.tag, review=review)
        decided = "forced" if request.force else "as named"
        opened.listener.say(
            f"{decided}: {step.new} is too small for what changed since {since.tag}, which requires a {review.level} release; lockstep diff shows it"
        )
    return replace(step, since=since), None


def _with_every_place(opened: Session, project: Project, step: _Step) -> Project:
    """Add the places that waited for the release, and those that the last bump teaches."""
    waited = step.new.final and not all(one.final for one in (step.old, *(package.version for package in step.group.packages)) if one is not None)
    return opened.learned(opened.project(awaited=True) if waited else project, step.group)


def _without_dated_prose(opened: Session, plan: Plan) -> Plan:
    """Leave out lines of prose that say a version and a day: on which day what they state was true is for a person to say."""
    dated = [edit for edit in plan.edits if edit.site.dated and edit.site.path.lower().endswith(_PROSE)]
    for path, line in sorted({(edit.site.path, edit.site.line) for edit in dated}):
        opened.listener.say(f"{path}:{line}: version and date moved there together in the last bump; it is left alone, write what is true now")
    return replace(plan, edits=tuple(edit for edit in plan.edits if edit not in dated)) if dated else plan


def _dates_beside(opened: Session, plan: Plan, date: str | None) -> list[Edit]:
    """Give the edits of the dates that moved with a version in the last bump; where a line has none that is sure to be meant, say so."""
    from lockstep.changelog import dates  # noqa: PLC0415 - few places are dated
    from lockstep.text.toml import Lines  # noqa: PLC0415 - likewise

    edits = []
    for path, number in sorted({(edit.site.path, edit.site.line) for edit in plan.edits if edit.site.dated}):
        text = opened.tree.read(path)
        line = text.split("\n")[number - 1]
        found = dates.find(line)
        if found is None or not found.day.exists or dates.find(line, found.start + len(found.text)) is not None:
            opened.listener.say(f"{path}:{number}: a date moved there with the version in the last bump; write it yourself")
            continue
        site = next(edit.site for edit in plan.edits if (edit.site.path, edit.site.line) == (path, number))
        start = site.start - (site.column - 1) + found.start
        _, column = Lines(text).at(start)
        edits.append(Edit(site=replace(site, start=start, text=found.text, column=column, dated=False), new=dates.written(release_day(date), found.text)))
    return [edit for edit in edits if edit.new != edit.site.text]


def _written_before(opened: Session, step: _Step, site: Site) -> str | None:
    """Give what a place said at the highest release that was a pre-release if the new version is one, and final if not."""
    from lockstep.formats import c_header, python_source  # noqa: PLC0415 - few places do not show how they write a version
    from lockstep.manifest import Source  # noqa: PLC0415 - likewise

    alike = [one for one in step.tags.of(step.group) if one.version.final is step.new.final and one.version < step.new]
    if not alike:
        return None
    tree = opened.at(f"refs/tags/{max(alike, key=lambda one: one.version).tag}").tree
    if not tree.has(site.path):
        return None
    read = python_source.read if site.path.endswith((".py", ".pyi")) else c_header.read
    return next((one.text for one in read(Source(site.path, tree.read(site.path))).mentions if one.key == site.key and one.spelling is site.spelling), None)


def _promotions(opened: Session, project: Project, step: _Step, date: str | None) -> list[Promotion]:
    """Plan what becomes of the group's changelogs."""
    from lockstep.changelog.files import changelogs_of  # noqa: PLC0415 - a bump that is refused reads no changelog
    from lockstep.evidence.release_tags import last_release  # noqa: PLC0415 - likewise

    day = release_day(date)
    kept = changelogs_of(opened.tree, opened.config, project, step.group)
    if not kept and not step.new.is_same(step.old):
        return [Promotion(path="", edits=(), summary="no changelog found")]
    release = last_release(opened.repository, step.tags, step.group, opened.head, lambda: True) if kept else None
    last = None if release is None else release.version
    return [found for one in kept if (found := promote(one, step.group, step.old, step.new, day, last=last)) is not None]


def _notes_that_forbid(opened: Session, project: Project, step: _Step, promotions: Sequence[Promotion], request: BumpRequest) -> Unfinished | None:
    """Say what the notes lack; give it where it forbids the tag that is wanted, and nobody forces it."""
    notes = unfinished_notes(opened, project, step.group, step.new, promotions, step.since, tag=request.tag)
    if notes is None:
        return None
    refused = request.tag and notes.forbids_tag and not request.force
    breaks, todos = notes.count(BREAK), notes.count(TODO)
    parts = [f"{breaks} break{' has' if breaks == 1 else 's have'} no note since {notes.since}"] if breaks else []
    parts += [f"{todos} TODO{' is' if todos == 1 else 's are'} left in {notes.path}"] if todos else []
    said = " and ".join(parts)
    opened.listener.say(f"refused: {said}; nothing was written" if refused else f"forced: {said}" if request.tag and request.force else said)
    finish = f"write what only you know in {notes.path}; lockstep changelog check lists the places"
    next_step = f"lockstep changelog draft; then {finish}" if breaks else finish
    opened.listener.say(f"  help: {next_step}" + ("; or --force" if refused else ""))
    return notes if refused else None


def _record(opened: Session, step: _Step, *, sign: bool, tag: bool) -> Record:
    """Settle message and tag before anything is written; a tag that exists is refused."""
    from lockstep.model import Ecosystem  # noqa: PLC0415 - only a bump that commits pays for it
    from lockstep.versions import tag_names  # noqa: PLC0415
    from lockstep.writing.commit import refuse_existing_tag  # noqa: PLC0415

    assert opened.repository.root is not None
    tags = step.tags
    python = all(package.ecosystem is Ecosystem.PYTHON for package in step.group.packages)
    like = tags.newest(step.group)
    name = tag_names.write(tags.template(step.group), step.new, step.group.name, like, python=python) if tag else ""
    if name:
        refuse_existing_tag(opened.repository.root, name)
    message = tag_names.write(opened.config.message, step.new, step.group.name, like, python=python)
    return Record(message=message, tag=name, sign=sign)
