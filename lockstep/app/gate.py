"""The gates of a release: is it the tag that it claims to be, the head of the branch, and green?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.app.changelog_state import section_findings
from lockstep.app.session import open_commit
from lockstep.dataclass import dataclass, replace
from lockstep.evidence.tag_signature import check_signature, read_tag
from lockstep.model import Confidence, Finding, Group, Level, Outcome, Policy, Role
from lockstep.project.project import Project
from lockstep.repository.repository import find
from lockstep.rules import judge, judge_head, judge_tag
from lockstep.rules.tag import TagClaim
from lockstep.versions.version import Version

if TYPE_CHECKING:
    from lockstep.rules.head import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class TagResult:
    """Whether a tag may be released: `commit` is what it names, `signed_by` whose good signature it has. A pre-release is skipped."""

    tag: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    commit: str = ""
    version: Version | None = None
    signed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadResult:
    """Whether a commit is the head of the branch."""

    position: Position
    outcome: Outcome
    findings: tuple[Finding, ...]


def outcome(findings: Sequence[Finding]) -> Outcome:
    """Judge: an error refuses, what could not be seen is no pass; a note decides nothing."""
    if any(one.level is Level.ERROR for one in findings):
        return Outcome.REFUSED
    if any(one.confidence is Confidence.BLIND and one.level is not Level.NOTE for one in findings):
        return Outcome.UNSEEN
    return Outcome.PASS


def gate_tag(folder: str, tag: str, *, require: Policy | None = None, signers: Path | None = None, config_file: str | None = None) -> TagResult:
    """Check a release tag: a stable version, the same as everywhere in the project at that commit, and in the changelog.

    A stale lock that holds packages of ours and none of the tag's group is a warning here.

    `require` is what the tag must be, else what the configuration says; `signers` the file of SSH signatures that count.

    Raises: LockstepError when there is no such tag, or it cannot be read.
    """
    name = tag.removeprefix("refs/tags/")
    repository = find(folder)
    found = read_tag(repository, name)
    opened = open_commit(repository, f"refs/tags/{name}", config_file=config_file)
    project = opened.project()
    reading = opened.release_tags(project).read(name)
    version = None if reading.name is None else reading.name.version
    if version is not None and not version.final and reading.usual:
        return TagResult(tag=name, outcome=Outcome.SKIP, commit=found.commit)
    policy = require or Policy(opened.config.gate.tags)
    claim = TagClaim(
        reading=reading,
        project=project,
        policy=policy,
        own=found.name,
        signed=check_signature(repository, found, signers) if policy is Policy.SIGNED else None,
    )
    group = reading.holder
    noted = section_findings(opened, project, group) if group is not None and group.version is not None else []
    findings = (*_of_group(project, group, judge(project)), *judge_tag(claim), *noted)
    return TagResult(
        tag=name,
        outcome=outcome(findings),
        findings=findings,
        commit=found.commit,
        version=version,
        signed_by=claim.signed.by if claim.signed else "",
    )


def _of_group(project: Project, group: Group | None, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give the findings as the release of a group sees them: a lock that holds packages of ours, and none of the group, is no reason to refuse."""
    for one in findings:
        if group is not None and one.level is Level.ERROR and one.rule.startswith("lock-") and _is_of_others(project, group, one.place.path):
            yield replace(one, level=Level.WARNING)
        else:
            yield one


def _is_of_others(project: Project, group: Group, path: str) -> bool:
    """Say whether a lock holds packages of ours, or lies beside one, and none of them moves with the group."""
    released = {one.manifest for one in group.packages}
    manifests = {manifest for lock in project.locks if lock.path == path for manifest in lock.owners.values()}
    held = {one.manifest for one in project.packages if one.manifest in manifests or one.root == path.rpartition("/")[0]}
    held |= {site.package.manifest for site in project.sites if site.role is Role.LOCK and site.path == path}
    return bool(held) and not held & released


def gate_head(folder: str, ref: str = "HEAD", *, remote: str = "origin", branch: str | None = None, config_file: str | None = None) -> HeadResult:
    """Check that a commit is the head of the default branch, or of `branch`, as the remote has it now. Runs `git ls-remote`.

    Raises: LockstepError when there is no such commit or remote.
    """
    from lockstep.evidence.remote import ask_remote, position  # noqa: PLC0415 - only this gate asks a remote

    repository = find(folder)
    opened = open_commit(repository, ref, config_file=config_file)
    found = position(repository, ref, ask_remote(repository, remote), branch or opened.config.gate.branch)
    findings = tuple(judge_head(found))
    return HeadResult(position=found, outcome=outcome(findings), findings=findings)
