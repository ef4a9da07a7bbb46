"""The changelogs of a group: what they tell, what they owe since the last release, and what the rules find."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockstep.changelog.files import ChangelogFile, changelogs_of, is_generated
from lockstep.changelog.mentions import NO_TEXTS, SearchText, TextIndex
from lockstep.changelog.model import Changelog
from lockstep.changelog.sections import is_begun, names_told, notes_of, only_of, release_section
from lockstep.dataclass import dataclass, replace
from lockstep.errors import RepositoryError
from lockstep.repository.git_trees import WorkTree
from lockstep.rules import judge_notes
from lockstep.rules.notes import InsufficientStep, Notes, PreviousRelease
from lockstep.versions.tag_names import parse

if TYPE_CHECKING:
    from lockstep.app.diff import SinceRelease
    from lockstep.app.session import Session
    from lockstep.changelog.changes import Change
    from lockstep.changelog.writers import Writer
    from lockstep.model import Finding, Group
    from lockstep.project.project import Project
    from lockstep.review.review import Review
    from lockstep.versions.version import Version

FRAGMENTS = ("newsfragments/", "changelog.d/", "changes/", ".changeset/", "news/")
"""Where tools gather texts that become the next section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogState:
    """A group's changelogs, each with what it says where it can be read; what is owed since `base`, the last release's version.

    `version` is the group's while it is on its way: None once it was released, so that what comes now waits for the next one. `review` is the step
    that it makes.
    """

    logs: tuple[tuple[ChangelogFile, Changelog | None], ...]
    changes: tuple[Change, ...]
    base: Version | None
    since: str | None
    version: Version | None
    review: Review | None = None

    @property
    def main(self) -> tuple[ChangelogFile, Changelog] | None:
        """The changelog that notes belong into: the first that can be read."""
        return next(((one, read) for one, read in self.logs if read is not None), None)

    @property
    def unread(self) -> dict[str, str]:
        """The changelogs that cannot be read, each with the reason."""
        return {one.path: "it has no section of any release" if one.markdown else "it is not Markdown" for one, read in self.logs if read is None}

    @property
    def hidden(self) -> bool:
        """Say whether something is owed, and it cannot be seen whether it is told."""
        return bool(self.changes) and ((self.main is None and bool(self.unread)) or self.generator is not None)

    @property
    def generator(self) -> Writer | None:
        """The tool that will write of commits what notes are owed: what it tells of cannot be known before."""
        if self.main is None:
            return None
        kept, log = self.main
        waits = kept.writer is not None and not kept.writer.fragments and not (self.version is not None and log.of(self.version))
        return kept.writer if waits and is_generated(kept, log, self.version) else None

    def account(self) -> list[str]:
        """Say in words what could not be read, and what to do where that hides something."""
        said = [f"{path}: {why}, so what it tells of is not known" for path, why in self.unread.items()]
        if self.main is not None and self.generator is not None and self.changes:
            return [
                *said,
                f"{self.main[0].path}: {self.generator.name} writes it, so what it will tell of is not known",
                "  help: lockstep diff lists what to tell of",
            ]
        return [
            *said,
            *(["  help: lockstep diff lists what to tell of; to keep notes here, put the heading ## [Unreleased] into CHANGELOG.md"] if self.hidden else []),
        ]


def changelogs(opened: Session, project: Project, group: Group) -> tuple[tuple[ChangelogFile, Changelog | None], ...]:
    """Read the changelogs of a group."""
    from lockstep.changelog.reading import read  # noqa: PLC0415 - the parser is heavy

    found = ((one, read(one.path, one.text) if one.markdown else None) for one in changelogs_of(opened.tree, opened.config, project, group))
    return tuple((one, None if log is not None and _leads_away(one, log) else log) for one, log in found)


def unversioned(project: Project) -> Group:
    """Give all packages as a group: where git's tags state the versions, no manifest tells which belong together."""
    from lockstep.model import Group  # noqa: PLC0415 - seldom

    return Group(name="main", version=None, basis="", packages=project.packages)


def _leads_away(one: ChangelogFile, log: Changelog) -> bool:
    """Say whether a file only says where the notes are: no section, nothing that is begun, nothing that a tool of fragments would fill."""
    return not log.sections and log.unclosed is None and not is_begun(log) and not (one.writer is not None and one.writer.always)


def changelog_state(
    opened: Session, project: Project, group: Group, *, base: str | None = None, since: SinceRelease | None = None, additions: bool = True
) -> ChangelogState:
    """Compare a group with its last release, or with `base`, and read its changelogs; `since` is that comparison, where it was made already.

    Without `additions` the changes are the breaks alone, which are known without the items of the surfaces.
    """
    from lockstep.app.diff import since_release  # noqa: PLC0415 - reads surfaces
    from lockstep.repository.uncommitted import dirty  # noqa: PLC0415
    from lockstep.review.notes_owed import owed  # noqa: PLC0415

    logs = changelogs(opened, project, group)
    tree, mine = opened.tree, {one.path for one, _ in logs}

    def moved() -> bool:
        """Say whether anything but notes changed: what is written into the changelog after the tag is about that release."""
        return isinstance(tree, WorkTree) and bool(dirty(tree, [path for path in tree.paths() if path not in mine]))

    since = since or since_release(opened, project, group, base=base, moved=moved)
    assert group.version is not None
    on_its_way = None if _is_released(opened, project, group, moved) else group.version
    if since is None:
        return ChangelogState(logs=logs, changes=(), base=None, since=None, version=on_its_way)
    review = since.step_to(group.version)
    return ChangelogState(logs=logs, changes=owed(review, additions=additions), base=since.version, since=since.tag, version=on_its_way, review=review)


def _is_released(opened: Session, project: Project, group: Group, moved: Callable[[], bool]) -> bool:
    """Say whether a group's version was tagged before: by another commit of this history, or by this one, which the work tree has left."""
    from lockstep.evidence.release_tags import tag_names  # noqa: PLC0415

    repository = opened.repository
    within = set(tag_names(repository, f"--merged={opened.head}"))
    tags = [one.tag for one in opened.release_tags(project).of(group) if one.version == group.version and one.tag in within]
    if not tags:
        return False
    here = repository.commit(opened.head)
    return all(repository.commit(f"refs/tags/{tag}") != here for tag in tags) or moved()


def changelog_findings(opened: Session, project: Project, group: Group, found: ChangelogState) -> list[Finding]:
    """Judge the changelogs of a group; nothing is judged where none of them can be read."""
    if found.main is None and found.unread:
        return []
    return [one for notes in evidence(opened, project, group, found) for one in _judged(opened, project, group, notes)]


def evidence(opened: Session, project: Project, group: Group, found: ChangelogState, *, releasing: bool = False) -> list[Notes]:
    """Give what the rules ask: the first changelog owes the notes, every one its order. A first release has no release before it to move from.

    The section that a tool will write is missing only where a release is judged.
    """
    files = frozenset(opened.tree.paths())
    texts = _fragments(opened, found)
    owed = () if found.generator is not None else found.changes
    moved = found.version is not None and (releasing if found.base is None else found.version != found.base)
    shared = Notes(changelog=None, changes=owed, fragments=texts, version=group.version, moved=moved, files=files, releasing=releasing)
    writer = found.main[0].writer if found.main is not None else None
    if writer is not None and writer.fragments:
        shared = replace(shared, how=f"tell of it where {writer.name} gathers texts")
    given: list[Notes] = []
    for one, whole in found.logs:
        log = None if whole is None else _of_group(opened, project, group, whole)
        if log is None:
            continue
        section = release_section(log, found.version, found.base)
        said = notes_of(log, section, found.base)
        mine = replace(shared, changelog=log, section=section, said=said, changes=() if given else owed, version=_version_of(one, group))
        if not releasing and is_generated(one, log, found.version):
            mine = replace(mine, moved=False)
        given.append(mine)
    return given or [shared]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangelogResult:
    """What the changelogs of a group say, and what they lack."""

    group: Group
    state: ChangelogState
    findings: tuple[Finding, ...]


def changelog(opened: Session, group: str | None = None, *, base: str | None = None) -> ChangelogResult:
    """Check the changelogs of a group, the main one without a name, against what changed since its last release, or since `base`.

    Raises: UsageError when there is no such group.
    """
    from lockstep.plans.bump import choose_group  # noqa: PLC0415 - nobody else here plans

    project = opened.project()
    chosen = choose_group(project, group)
    state = changelog_state(opened, project, chosen, base=base)
    return ChangelogResult(group=chosen, state=state, findings=(*changelog_findings(opened, project, chosen, state), *opened.policy_changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDebts:
    """What a release lacks: the findings, the groups' steps that are not proven, and the changelogs that hide what they tell."""

    findings: tuple[Finding, ...]
    unproven: tuple[Review, ...]
    unreadable: tuple[ChangelogState, ...]


def release_debts(opened: Session, project: Project) -> ReleaseDebts:
    """Ask of every group what a release owes: notes, dates, an order of sections, a step that is large enough."""
    from lockstep.review.review import Verdict  # noqa: PLC0415 - only a release is asked for its step

    findings: dict[Finding, None] = {}
    unproven: list[Review] = []
    unreadable: list[ChangelogState] = []
    for group in (one for one in project.groups if one.version is not None):
        found = changelog_state(opened, project, group)
        if (review := _step_on_its_way(found)) is not None:
            findings |= dict.fromkeys(_too_small(review, found, group) if review.verdict is Verdict.TOO_SMALL else ())
            unproven += [review] if review.verdict is Verdict.UNPROVEN else []
        unreadable += [found] if found.hidden else []
        if found.main is None and found.logs:
            continue
        for notes in evidence(opened, project, group, found, releasing=True):
            findings |= dict.fromkeys(_judged(opened, project, group, notes))
    return ReleaseDebts(findings=tuple(findings), unproven=tuple(unproven), unreadable=tuple(unreadable))


def section_findings(opened: Session, project: Project, group: Group) -> list[Finding]:
    """Ask whether the changelogs of a group have the section of its version, dated and finished; what changed is no question here."""
    files = frozenset(opened.tree.paths())
    found: dict[Finding, None] = {}
    for one, whole in changelogs(opened, project, group):
        log = None if whole is None else _of_group(opened, project, group, whole)
        if log is None:
            continue
        version = _version_of(one, group)
        section = release_section(log, version, None)
        notes = Notes(changelog=log, section=section, said=notes_of(log, section, None), version=version, moved=True, files=files, releasing=True)
        found |= dict.fromkeys(_judged(opened, project, group, notes))
    return list(found)


HABITS = ("break-without-note", "release-without-section", "release-undated", "unreleased-left-over")
"""What counts as much as the project itself makes of it."""


def _judged(opened: Session, project: Project, group: Group, notes: Notes) -> list[Finding]:
    """Judge a changelog; where a habit is broken, the one that the release before shows."""
    found = judge_notes(notes)
    if notes.changelog is None or not any(one.rule in HABITS for one in found):
        return found
    return judge_notes(replace(notes, previous=_previous(opened, project, group, notes.changelog.path)))


def _release_before(opened: Session, project: Project, group: Group) -> tuple[str, Version] | None:
    """Give the ref and the version of the last release before a group's commit, None where this history has none."""
    from lockstep.evidence.release_tags import last_release  # noqa: PLC0415 - what has not moved asks for no tag

    found = last_release(opened.repository, opened.release_tags(project), group, opened.head, lambda: False)
    here = opened.repository.commit(opened.head)
    return (found.ref, found.version) if found is not None and (found.version != group.version or opened.repository.commit(found.ref) != here) else None


def _previous(opened: Session, project: Project, group: Group, path: str) -> PreviousRelease | None:
    """Give what a changelog said at the tag of the release before, None where there was none."""
    from lockstep.evidence.past_changelog import previous_release  # noqa: PLC0415 - likewise

    before = _release_before(opened, project, group)
    if before is None:
        return PreviousRelease(seen=False) if opened.repository.shallow else None
    return previous_release(opened.repository, *before, path)


def _version_of(one: ChangelogFile, group: Group) -> Version | None:
    """Give the version of the packages that a changelog lies beside: in a group they may differ."""
    beside = [package.version for package in group.packages if package.root == one.folder and package.version is not None]
    return beside[0] if beside and group.version not in beside else group.version


def _of_group(opened: Session, project: Project, group: Group, log: Changelog) -> Changelog | None:
    """Leave out what a changelog that tells of several packages says of others; None where it tells of others alone."""
    told = names_told(log)
    if not told:
        return log
    before = _release_before(opened, project, group)
    mine = frozenset(name.lower() for name in (*group.names, *([_name_in(before[0])] if before is not None else [])) if name)
    if told & mine:
        return only_of(log, mine)
    tagged = {tags[0].word.lower() for tags in opened.release_tags(project).schemes.values()}
    return None if told & tagged else log


def _name_in(ref: str) -> str:
    """Give what a tag names beside its version: `python` of `python-v1.6.0`."""
    found = parse(ref.removeprefix("refs/tags/"))
    return "" if found is None else found.word


def _step_on_its_way(found: ChangelogState) -> Review | None:
    """Give the review of the step that a version makes which is not released yet."""
    moves = found.version is not None and found.base is not None and found.version > found.base
    return found.review if moves else None


def _too_small(review: Review, found: ChangelogState, group: Group) -> list[Finding]:
    """Judge the step of a version that is on its way, and too small."""
    if review.level is None:
        return []
    manifest = min((one.manifest for one in group.packages), key=lambda path: (path.count("/"), path))
    insufficient = InsufficientStep(manifest=manifest, since=found.since or "", required=review.level)
    return judge_notes(Notes(changelog=None, version=found.version, moved=True, insufficient=insufficient))


def _fragments(opened: Session, found: ChangelogState) -> TextIndex:
    """Read the texts that a tool of fragments will write into the changelog."""
    if not any(one.writer is not None and one.writer.always for one, _ in found.logs):
        return NO_TEXTS
    texts = []
    for folder in FRAGMENTS:
        for path in opened.tree.paths(f"{folder}**"):
            try:
                texts.append(SearchText.of(opened.tree.read(path)))
            except RepositoryError:
                continue
    return TextIndex.of(texts)
