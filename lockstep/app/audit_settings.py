"""The audit of GitHub's settings, held against the release workflows and the tags that the next releases will have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from lockstep.app.accepted import accepted
from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.github_settings import ask_settings
from lockstep.evidence.workflows import audits
from lockstep.model import Confidence, Ecosystem, Finding
from lockstep.rules import judge_settings
from lockstep.rules import room as rules_of
from lockstep.versions import tag_names
from lockstep.versions.bump import Bump, bumped
from lockstep.workflow.by_hand import ByHand, of_settings
from lockstep.workflow.github_settings import Settings, SettingsAudit

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.workflow.audit import Audit

EMPTY: Mapping[str, str] = MappingProxyType({})
MOST_GROUPS = 24
"""Groups whose next tags are looked at."""
PASS, FAIL, NOT_VISIBLE, BY_HAND, NOT_ASKED = "pass", "fail", "not visible", "by hand", "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsResult:
    """What was found in the settings of a repository, the answer to each question by its rule, and what nobody but a person can look at.

    `would_show` is what would show the answer to a question that is not visible.
    """

    settings: Settings
    findings: tuple[Finding, ...]
    answers: Mapping[str, str]
    would_show: Mapping[str, str]
    by_hand: tuple[ByHand, ...]


def audit_settings(
    opened: Session, repository: str | None, environment: Mapping[str, str], say: Callable[[str], None], *, base: str | None = None
) -> SettingsResult:
    """Ask GitHub for the settings of a repository, `owner/name`, else of the one that the environment or the remote names.

    With `base`, a comment that accepts a finding counts where that commit has it.

    Raises: LockstepError when it is not known which repository that is, or a workflow cannot be read.
    """
    api = Api.of(environment)
    slug = github_repository.known(opened.repository, api, repository, environment)
    found = audits(opened.tree, opened.config)
    unasked = SettingsAudit(settings=Settings.unknown(slug), audits=found)
    names = tuple(dict.fromkeys(one.name for one in unasked.used))
    settings = ask_settings(api, slug, github_repository.page(slug, api, environment), names, say)
    promised = opened.config.audit
    tags = tuple(dict.fromkeys(next_tags(opened)))
    evidence = SettingsAudit(settings=settings, audits=found, tags=tags, reviewers=promised.reviewers, wait=promised.wait)
    judged = judge_settings(evidence)
    skipped = [prefix for prefix, there in (("environment-", evidence.used), ("tag-", any(map(evidence.release_tags, found)))) if not there]
    return SettingsResult(
        settings=settings,
        findings=(*accepted(opened, judged, room="settings", files=files(found), base=base), *opened.policy_changes),
        answers={rule: NOT_ASKED if rule.startswith(tuple(skipped)) else answer for rule, answer in answers("settings", judged).items()},
        would_show=would_show(judged),
        by_hand=tuple(of_settings(evidence)),
    )


def next_tags(opened: Session) -> Iterator[str]:
    """Give the tags that `bump patch|minor|major --tag` would make of each group, and of each package that moves alone and has tags of its own."""
    project = opened.project()
    tags = opened.release_tags(project)
    tagged = {one.group for one in tags.summary()}
    for group in [one for one in tags.groups if one.name in tagged][:MOST_GROUPS]:
        python = all(package.ecosystem is Ecosystem.PYTHON for package in group.packages)
        newest = tags.newest(group)
        version = group.version or (newest.version if newest is not None else None)
        for step in (Bump.PATCH, Bump.MINOR, Bump.MAJOR) if version is not None else ():
            try:
                assert version is not None
                yield tag_names.write(tags.template(group), bumped(version, step), group.name, newest, python=python)
            except VersionError:
                continue


def files(found: Iterable[Audit]) -> dict[str, None]:
    """Give the files of workflows, whose comments may accept a finding."""
    return dict.fromkeys(name for one in found for name in (one.path, *(one.workflow.files if one.workflow else ())))


def answers(room: str, judged: Iterable[Finding], unanswered: Mapping[str, str] = EMPTY) -> dict[str, str]:
    """Give the answer to each question of a folder of rules; where nothing is found, that of `unanswered` stands for a pass."""
    found: dict[str, set[Confidence]] = {name.replace("_", "-"): set() for name in rules_of(room).NAMES}
    for one in judged:
        found[one.rule].add(one.confidence)
    return {rule: unanswered.get(rule, PASS) if not said else NOT_VISIBLE if said == {Confidence.BLIND} else FAIL for rule, said in found.items()}


def would_show(judged: Iterable[Finding]) -> dict[str, str]:
    """Give what would show the answers that are not visible, by rule."""
    found: dict[str, str] = {}
    for one in judged:
        if one.confidence is Confidence.BLIND and one.help:
            found.setdefault(one.rule, one.help)
    return found
