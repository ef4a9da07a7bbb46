"""The checklist of a release is ticked: each step asks the command that knows it, and what cannot be asked is no reason to stop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence

from lockstep.app.audit import audit
from lockstep.app.audit_publishers import audit_publishers
from lockstep.app.audit_settings import audit_settings
from lockstep.app.changelog_state import ReleaseDebts, changelog_state, changelogs, release_debts, section_findings
from lockstep.app.check import check
from lockstep.app.gate import gate_head, gate_tag
from lockstep.app.gate_ci import CiRequest, gate_ci
from lockstep.app.release_plan import chosen_group, plan_release
from lockstep.app.release_status import StatusRequest, prepared
from lockstep.app.session import Session, open_ref
from lockstep.changelog.changes import ChangeKind
from lockstep.dataclass import dataclass, field
from lockstep.errors import LockstepError, UsageError
from lockstep.model import Confidence, Ecosystem, Finding, Level, Outcome
from lockstep.release.candidate import FILE
from lockstep.release.checklist import Checklist, Item, Mark
from lockstep.release.observation import State, Visibility
from lockstep.release.planner import Act, Progress
from lockstep.release.status import Status
from lockstep.repository.git_trees import WorkTree
from lockstep.repository.uncommitted import dirty
from lockstep.versions import tag_names
from lockstep.wording import counted, first_few
from lockstep.workflow.by_hand import ByHand

NAMED = 3
"""Files that are named one by one."""
RULES_OF_NOTES = ("break-without-note", "note-unfinished")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRequest:
    """What is wanted: `subject` is the release's tag or candidate, None for what HEAD is. With `offline` nobody is asked."""

    folder: str = "."
    config_file: str | None = None
    subject: str | None = None
    group: str | None = None
    repository: str | None = None
    on_github: bool = True
    offline: bool = False


@dataclass(slots=True)
class _Asking:
    """Who asks, of what."""

    request: ChecklistRequest
    environment: Mapping[str, str]
    say: Callable[[str], None]
    opened: Session
    tag: str
    by_hand: list[ByHand] = field(default_factory=list)


def release_checklist(request: ChecklistRequest, environment: Mapping[str, str], say: Callable[[str], None]) -> Checklist:
    """Tick the steps of a release.

    Raises: LockstepError where it is not known which release is meant.
    """
    named = request.subject if request.subject is not None and not os.path.isfile(request.subject) else None
    opened = open_ref(request.folder, f"refs/tags/{named.removeprefix('refs/tags/')}" if named else "HEAD", config_file=request.config_file)
    project = opened.project()
    group = chosen_group(project, request.group)
    version = group.version
    if version is None:
        raise UsageError(f"{group.name} has no version", help="lockstep show lists the groups")
    tags = opened.release_tags(project)
    there = [one for one in tags.of(group) if one.version == version]
    here = opened.repository.commit(opened.head)
    python = all(one.ecosystem is Ecosystem.PYTHON for one in group.packages)
    tag = named.removeprefix("refs/tags/") if named else ""
    tag = tag or (there[0].tag if there else tag_names.write(tags.template(group), version, group.name, tags.newest(group), python=python))
    tagged = any(one.tag == tag and opened.repository.commit(f"refs/tags/{one.tag}") == here for one in there)
    asking = _Asking(request, environment, say, opened, tag)
    items = [*_of_commit(asking), *_of_tag(asking, there=bool(there), tagged=tagged), *_of_world(asking), *_of_release(asking, tagged=tagged)]
    return Checklist(group=group.name, version=str(version), tag=tag, tagged=tagged, items=tuple(items))


def _item(id_: str, title: str, look: Callable[[], tuple[Mark, str, str]]) -> Item:
    """Look at one step; what cannot be asked is not visible, with its reason."""
    try:
        mark, why, help_ = look()
    except LockstepError as error:
        mark, why, help_ = Mark.UNSEEN, str(error), error.help
    return Item(id=id_, title=title, mark=mark, why=why, help=help_ if mark is not Mark.DONE else "")


def _judged(findings: Sequence[Finding], fine: str, help_: str) -> tuple[Mark, str, str]:
    """Say what findings make of a step."""
    errors = [one for one in findings if one.level is Level.ERROR]
    if errors:
        more = f", and {counted(len(errors) - 1, 'error')} more" if len(errors) > 1 else ""
        return Mark.REFUSED, f"{errors[0].place.path} {errors[0].rule}: {errors[0].message}{more}", help_
    blind = [one for one in findings if one.confidence is Confidence.BLIND and one.level is not Level.NOTE]
    if blind:
        return Mark.UNSEEN, blind[0].message, help_
    warnings = [one for one in findings if one.level is Level.WARNING]
    return Mark.DONE, f"no error, and {counted(len(warnings), 'warning')}: {help_} lists them" if warnings else fine, ""


def _of_commit(asking: _Asking) -> Iterator[Item]:
    """Look at the commit that is released."""
    opened, request = asking.opened, asking.request
    project = opened.project()
    group = chosen_group(project, request.group)
    debts: list[ReleaseDebts] = []

    def clean() -> tuple[Mark, str, str]:
        if opened.repository.root is None:
            return Mark.DONE, "there is no work tree: a commit is released", ""
        tree = WorkTree(opened.repository)
        changed = dirty(tree, tree.paths())
        said = f"{first_few(changed, NAMED)} {'has' if len(changed) == 1 else 'have'} changes that no commit holds"
        return (Mark.OPEN, said, "commit or drop them") if changed else (Mark.DONE, "no file that git tracks has changes", "")

    def owed() -> ReleaseDebts:
        if not debts:
            debts.append(release_debts(opened, project))
        return debts[0]

    def step() -> tuple[Mark, str, str]:
        too_small = [one for one in owed().findings if one.requires is not None and one.rule not in RULES_OF_NOTES]
        if owed().unproven:
            return Mark.UNSEEN, "whether the step is large enough could not be seen in full", "lockstep diff"
        return _judged(too_small, "the version moves by as much as its changes require", "lockstep diff; lockstep bump auto")

    def notes() -> tuple[Mark, str, str]:
        if not changelogs(opened, project, group):
            breaks = [one for one in changelog_state(opened, project, group).changes if one.kind is not ChangeKind.ADDITION]
            said = f"there is no changelog, and {counted(len(breaks), 'break')} {'has' if len(breaks) == 1 else 'have'} no note"
            if breaks:
                return Mark.OPEN, said, "start one: a CHANGELOG.md with the line # Changelog"
            return Mark.DONE, "there is no changelog, and no break", ""
        found = [one for one in owed().findings if one.requires is None or one.rule in RULES_OF_NOTES]
        return _judged(
            [*section_findings(opened, project, group), *found], f"the section of {group.version} is there, dated and finished", "lockstep changelog check"
        )

    yield _item("tree", "everything is committed", clean)
    yield _item("check", "versions, requirements and locks agree", lambda: _judged(check(opened).findings, "every place says the same", "lockstep check --fix"))
    yield _item("step", "the version step is large enough for what changed", step)
    yield _item("notes", "the changelog has the section of this version, with a note for each break", notes)
    yield _item(
        "workflow",
        "the release workflow passes its audit",
        lambda: _judged(audit(opened).findings, "lockstep audit workflow finds nothing", "lockstep audit workflow"),
    )
    yield _item("order", "there is an order in which the packages can be published", lambda: _ordered(opened, request.group))


def _ordered(opened: Session, group: str | None) -> tuple[Mark, str, str]:
    order = plan_release(opened, group).order
    if order.circle:
        return Mark.REFUSED, f"{', '.join(order.circle)} need each other", "lockstep release plan"
    return Mark.DONE, f"{counted(sum(map(len, order.rounds)), 'package')} in {counted(len(order.rounds), 'round')}", ""


def _of_tag(asking: _Asking, *, there: bool, tagged: bool) -> Iterator[Item]:
    """Look at the tag and its place."""
    request, tag = asking.request, asking.tag

    def named() -> tuple[Mark, str, str]:
        if not tagged:
            said = f"{tag} is on another commit" if there else f"there is no tag {tag}"
            return (Mark.REFUSED if there else Mark.OPEN), said, "lockstep bump VERSION --tag, then git push --follow-tags"
        found = gate_tag(request.folder, tag, config_file=request.config_file)
        if found.outcome is Outcome.SKIP:
            return Mark.DONE, f"{tag} is a pre-release, of which no gate is asked", ""
        return _judged(
            found.findings, f"{tag} is on {found.commit[:12]}" + (f", signed by {found.signed_by}" if found.signed_by else ""), f"lockstep gate tag {tag}"
        )

    def head() -> tuple[Mark, str, str]:
        found = gate_head(request.folder, asking.opened.head, config_file=request.config_file)
        return _judged(found.findings, "the commit is the head of the branch that releases are made from", "lockstep gate head")

    yield _item("tag", "the tag says the version, and is what the project demands of it", named)
    yield _asked(asking, "head", "the commit is the head of its branch", head)


def _asked(asking: _Asking, id_: str, title: str, look: Callable[[], tuple[Mark, str, str]]) -> Item:
    """Look at a step for which somebody has to be asked."""
    if asking.request.offline:
        return Item(id=id_, title=title, mark=Mark.UNSEEN, why="nobody was asked (--offline)")
    return _item(id_, title, look)


def _of_world(asking: _Asking) -> Iterator[Item]:
    """Ask GitHub and the registries what has to be so before anything is published, and name what they say to nobody."""
    request, opened = asking.request, asking.opened

    def ci() -> tuple[Mark, str, str]:
        sha = opened.repository.commit(opened.head) or "HEAD"
        wanted = CiRequest(folder=request.folder, config_file=request.config_file, ref=sha, repository=request.repository)
        found = gate_ci(wanted, asking.environment, lambda *_: None, asking.say)
        mark, why, help_ = _judged(found.findings, "every gated workflow succeeded for this commit", "lockstep gate ci --wait")
        unfinished = all(one.rule == "run-unfinished" for one in found.findings if one.level is Level.ERROR)
        return (Mark.OPEN if mark is Mark.REFUSED and unfinished else mark), why, help_

    def settings() -> tuple[Mark, str, str]:
        found = audit_settings(opened, request.repository, asking.environment, asking.say)
        asking.by_hand.extend(found.by_hand)
        return _judged(found.findings, "environments, rules and tags are as the release needs them", "lockstep audit settings")

    def publishers() -> tuple[Mark, str, str]:
        found = audit_publishers(opened, request.repository, asking.environment, asking.say)
        asking.by_hand.extend(found.by_hand)
        return _judged(found.findings, "the registries know this workflow and its environments", "lockstep audit publishers")

    if request.on_github:
        yield _asked(asking, "ci", "the checks of this commit succeeded", ci)
        yield _asked(asking, "settings", "the settings on GitHub protect the release", settings)
        yield _asked(asking, "publishers", "the trusted publishers are those of this workflow", publishers)
    yield from (_person(f"by-hand-{number}", one.what, one.url) for number, one in enumerate(asking.by_hand, 1))
    yield _person("agreement", "the maintainers agree to publish", "nothing here can know that")


def _person(id_: str, title: str, why: str) -> Item:
    return Item(id=id_, title=title, mark=Mark.PERSON, why=why)


def _of_release(asking: _Asking, *, tagged: bool) -> Iterator[Item]:
    """Look at what becomes of the release: sealed, published, opened, verified."""
    request = asking.request
    status: list[Status] = []

    def seen() -> Status:
        if not status:
            subject, on_github = request.subject or (None if os.path.isfile(os.path.join(request.folder, FILE)) else asking.tag), request.on_github
            wanted = StatusRequest(
                folder=request.folder,
                config_file=request.config_file,
                subject=subject,
                group=request.group,
                repository=request.repository,
                on_github=on_github,
            )
            status.append(prepared(wanted, asking.environment, asking.say).look(asking.say))
        return status[0]

    looks: list[tuple[str, str, Callable[[], tuple[Mark, str, str]]]] = [
        ("candidate", "the built files are sealed", lambda: _sealed(seen(), asking.tag)),
        ("registries", "every file is at its registry", lambda: _published(seen())),
    ]
    if request.on_github:
        looks.append(("public", "the release on GitHub is public", lambda: _public(seen())))
    for id_, title, look in looks:
        yield _asked(asking, id_, title, look) if tagged else Item(id=id_, title=title, mark=Mark.OPEN, why="the tag comes first")
    yield _person("approvals", "who approves each environment has looked at what is published", "GitHub asks them, in the run of the release workflow")
    yield _person("proof", "somebody else has proven it", f"lockstep release verify {asking.tag}")
    yield _person("others", "what goes out with it is out: documentation, announcements, archives", "nothing here can know that")


def _sealed(found: Status, tag: str) -> tuple[Mark, str, str]:
    if found.candidate.tag != tag:
        return Mark.REFUSED, f"the candidate is that of {found.candidate.tag}", "lockstep release seal"
    return Mark.DONE, f"{counted(len(found.candidate.artifacts), 'file')}, {found.source}", ""


def _published(found: Status) -> tuple[Mark, str, str]:
    if found.plan.conflicts:
        first = found.plan.conflicts[0]
        return Mark.REFUSED, f"{first.artifact}: {first.why}", "lockstep release status"
    unseen = next((one for one in found.observations if one.state is State.UNSEEN), None)
    if unseen is not None:
        return Mark.UNSEEN, f"{unseen.artifact}: {unseen.why}", "lockstep release status"
    left = [one.artifact for one in found.observations if one.state is not State.VERIFIED]
    if left:
        return Mark.OPEN, f"{first_few(left, NAMED)} is not there", "lockstep release status says what is next"
    return Mark.DONE, "each has the candidate's digest", ""


def _public(found: Status) -> tuple[Mark, str, str]:
    step = next(one for one in found.plan.steps if one.act is Act.OPEN)
    if step.progress is Progress.DONE:
        return Mark.DONE, found.url or step.why, ""
    unseen = found.visibility is Visibility.UNSEEN
    return (Mark.UNSEEN if unseen else Mark.OPEN), step.why, "lockstep release status" if unseen else "lockstep release stage, then lockstep release open"
