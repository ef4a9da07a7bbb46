"""What GitHub's settings of a repository are, as far as a release rests on them: frozen data. What could not be seen stands as such in its place.

Source: https://docs.github.com/en/rest/deployments/environments, https://docs.github.com/en/rest/repos/rules,
https://docs.github.com/en/rest/branches/branch-protection, https://docs.github.com/en/rest/actions/permissions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.model import Confidence, Finding, Level, Place
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import texts
from lockstep.workflow.audit import Audit
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.filters import starts
from lockstep.workflow.model import Job
from lockstep.workflow.ref_patterns import matches

SAMPLES = (("v0.4.0", "v1.2.3", "v10.20.30"), ("0.4.0", "1.2.3", "10.20.30"))
"""Tags that stand for those of releases, where the project's own do not start a workflow: in the first of two ways that does."""
NOBODY_ASKED = Unseen(what="", why="nobody asked", help="")
NOT_VISIBLE = "not-visible"
"""The symbol of a finding about what could not be seen: a waiver that names it accepts no fault."""


class Refs(StrEnum):
    """What may deploy to an environment."""

    ALL = "all"
    PROTECTED = "protected branches"
    SELECTED = "selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefPattern:
    """A pattern of an environment: of the names of tags or of branches."""

    tags: bool
    name: str

    def __str__(self) -> str:
        return f"{'tag' if self.tags else 'branch'} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An environment. `reviewers` are the names of those of whom one must approve, `wait` are minutes."""

    name: str
    reviewers: tuple[str, ...] = ()
    prevents_self_review: bool = False
    wait: int = 0
    refs: Refs = Refs.ALL
    patterns: tuple[RefPattern, ...] | Unseen = ()

    def admits(self, name: str, *, tag: bool) -> bool | None:
        """Say whether a run at a tag or at a branch may deploy; None where that cannot be seen, or depends on what protects the branch."""
        if self.refs is Refs.ALL:
            return True
        if self.refs is Refs.PROTECTED:
            return False if tag else None
        if isinstance(self.patterns, Unseen):
            return None
        return any(one.tags is tag and matches(one.name, name) for one in self.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """The classic protection of a branch; `approvals` is how many a pull request needs."""

    force_pushes: bool
    deletions: bool
    approvals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The default branch: the kinds of the ruleset rules in force, the approvals that these want, and its classic protection (None for none)."""

    name: str
    rules: frozenset[str] | Unseen = frozenset()
    approvals: int = 0
    protection: Protection | Unseen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRuleset:
    """An active ruleset about tags: the full names of refs that it is about, its kinds of rules, and who may pass by (None where that is not shown)."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()
    bypass: tuple[str, ...] | None = ()

    def covers(self, tag: str) -> bool:
        """Say whether it is about a tag."""
        ref = f"refs/tags/{tag}"
        return any(_is_about(one, ref) for one in self.include) and not any(_is_about(one, ref) for one in self.exclude)


def _is_about(pattern: str, ref: str) -> bool:
    return pattern == "~ALL" or matches(pattern, ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a repository, `owner/name`; `url` is its page, without a slash at the end."""

    repository: str
    url: str
    environments: tuple[Environment, ...] | Unseen = ()
    immutable: bool | Unseen = False
    branch: Branch | Unseen
    tag_rulesets: tuple[TagRuleset, ...] | Unseen = ()
    token_writes: bool | Unseen = False
    approves: bool | Unseen = False

    @classmethod
    def unknown(cls, repository: str, why: Unseen = NOBODY_ASKED, url: str = "") -> Settings:
        """Give the settings of a repository of which nothing is known."""
        return cls(repository=repository, url=url, environments=why, immutable=why, branch=why, tag_rulesets=why, token_writes=why, approves=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """An environment as a job of a release names it; `environment` is None where there is no such one, or none is seen."""

    audit: Audit
    job: Job
    place: Place
    name: str
    environment: Environment | None


def _publishes(audit: Audit, tag: str) -> bool:
    """Say whether a job publishes for a tag, as far as the conditions of jobs are about its name."""
    ref = f"refs/tags/{tag}"
    known: Mapping[str, str | bool] = {"github.ref": ref, "github.ref_name": tag, "github.event.ref": ref}
    return any(audit.runs_with(job, known) for job in audit.final_jobs)


@dataclass(frozen=True, kw_only=True)
class SettingsAudit:
    """The settings beside the release workflows that rest on them, and the tags that the next releases will have.

    `reviewers` and `wait` are what the configuration promises of every environment: who must be able to approve, and the minutes of its wait timer.
    """

    settings: Settings
    audits: tuple[Audit, ...] = ()
    tags: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    wait: int = 0

    @property
    def hardened(self) -> bool:
        """Whether a workflow is held to everything that a hardened release does."""
        return any(one.hardened for one in self.audits)

    @property
    def place(self) -> Place:
        """Where that is told which is of the whole repository: the first release workflow."""
        return next((one.place() for one in self.audits), Place(path="."))

    @cached_property
    def used(self) -> tuple[Used, ...]:
        """The environments of the jobs that publish or make a release public, each once a job."""
        return tuple(one for audit in self.audits for job in dict.fromkeys(job.id for job in audit.final_jobs) for one in self._of(audit, audit.jobs[job]))

    def _of(self, audit: Audit, job: Job) -> Iterator[Used]:
        known = self.settings.environments
        by_name: Mapping[str, Environment] = {} if isinstance(known, Unseen) else {one.name.lower(): one for one in known}
        if job.environment is not None and job.environment.text.strip():
            for name in audit.possible(job, job.environment) or ("",):
                yield Used(audit=audit, job=job, place=job.at(job.environment), name=name, environment=by_name.get(name.lower()))

    @cached_property
    def each(self) -> tuple[Used, ...]:
        """The environments that there are, each once a workflow, where the first job names it."""
        found: dict[tuple[str, str], Used] = {}
        for one in self.used:
            if one.environment is not None:
                found.setdefault((one.audit.path, one.name.lower()), one)
        return tuple(found.values())

    def release_tags(self, audit: Audit) -> tuple[str, ...]:
        """Give tags of releases that start a workflow: those that `bump --tag` makes, else what stands for them; none where no tag starts it."""
        return self._release_tags[audit.path]

    @cached_property
    def _release_tags(self) -> Mapping[str, tuple[str, ...]]:
        return {one.path: self._tags_of(one) for one in self.audits}

    def _tags_of(self, audit: Audit) -> tuple[str, ...]:
        names = {one.name for one in audit.triggers}
        if not names & {"tag", "release"}:
            return ()
        push = audit.workflow.triggers.get("push") if audit.workflow and "tag" in names else None
        wanted, ignored = (texts(push.get(key)) if isinstance(push, Map) else () for key in ("tags", "tags-ignore"))
        for some in (self.tags, *SAMPLES):
            if found := tuple(one for one in some if (not wanted or starts(wanted, one)) and not starts(ignored, one) and _publishes(audit, one)):
                return found
        return tuple(dict.fromkeys(str(one.known["github.ref_name"]) for one in audit.triggers if one.name == "tag" and "github.ref_name" in one.known))

    def by_branch(self, audit: Audit) -> bool:
        """Say whether a workflow may publish when a branch starts it, or a person or a clock does, which choose a branch too."""
        return any(one.name not in ("tag", "release") and audit.may_run(deed, one) for deed in audit.publishes for one in audit.triggers)

    def finding(self, rule: str, level: Level, message: str, help_: str, place: Place | None = None, symbol: str = "") -> Finding:
        """Make a finding about a setting."""
        return Finding(rule=rule, level=level, place=place or self.place, message=message, help=help_, symbol=symbol or None)

    def not_visible(self, rule: str, question: str, unseen: Unseen, place: Place | None = None) -> Finding:
        """Say of a question that its answer could not be seen, and what would show it: no fault, and no promise either."""
        message = f"not visible: {question}; {unseen.why}"
        return Finding(
            rule=rule,
            level=Level.NOTE,
            place=place or self.place,
            message=message,
            help=unseen.help,
            symbol=NOT_VISIBLE,
            confidence=Confidence.BLIND,
        )

    def environments_unseen(self, rule: str, question: str) -> Iterator[Finding]:
        """Say of a question about the environments that none could be seen; nothing where they were, or no job names one."""
        unseen = self.settings.environments
        if isinstance(unseen, Unseen) and self.used:
            names = ", ".join(dict.fromkeys(one.name for one in self.used if one.name)) or "that the jobs name"
            yield self.not_visible(rule, question.format(names), unseen, self.used[0].place)
