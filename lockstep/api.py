"""The public Python API: what the commands do, as functions that return data.

Each function takes a repository that `open_repository` opened, and gives a frozen result; nothing is printed, and nothing exits. What stops a function is
a `LockstepError`, whose `message`, `help`, `path`, `line` and `column` say what is wrong, where, and the next step. Only `apply` writes.

The examples run in a repository with a crate and a wheel at 0.5.0, whose last release is v0.5.0, and which has changed since.
"""

from __future__ import annotations

import json as _json
import os as _os
from collections.abc import Mapping
from pathlib import Path

from lockstep.app import audit as _audit
from lockstep.app import bump as _bump
from lockstep.app import changelog_draft as _draft
from lockstep.app import changelog_show as _notes
from lockstep.app import changelog_state as _changelog
from lockstep.app import check as _check
from lockstep.app import diff as _diff
from lockstep.app import documents as _documents
from lockstep.app import gate as _gate
from lockstep.app import release_status as _status
from lockstep.app import schemas as _schemas
from lockstep.app import session as _session
from lockstep.app import surfaces as _surfaces
from lockstep.app.audit import AuditResult
from lockstep.app.bump import BumpPlan, BumpRequest, Drift, NotesUnfinished, Refusal, TooSmall
from lockstep.app.changelog_draft import ChangelogDraft
from lockstep.app.changelog_show import ReleaseNotes
from lockstep.app.changelog_state import ChangelogResult
from lockstep.app.check import CheckResult, FixPlan
from lockstep.app.documents import BumpDone, Result, Shown
from lockstep.app.gate import TagResult
from lockstep.app.session import SILENT, Listener, Session
from lockstep.errors import LockstepError
from lockstep.model import Edit, Finding, Group, Level, Outcome, Package, Place, Policy, Recorded, Requires, Role, Site
from lockstep.project.project import Project
from lockstep.release.status import Status
from lockstep.repository import repository as _repository
from lockstep.repository.repository import Repository
from lockstep.review.review import Moment, Review, Verdict
from lockstep.versions.version import PreKind, Version

__all__ = (
    "AuditResult",
    "BumpDone",
    "BumpPlan",
    "BumpRequest",
    "ChangelogDraft",
    "ChangelogResult",
    "CheckResult",
    "Drift",
    "Edit",
    "Finding",
    "FixPlan",
    "Group",
    "Level",
    "Listener",
    "LockstepError",
    "Moment",
    "NotesUnfinished",
    "Outcome",
    "Package",
    "Place",
    "Policy",
    "PreKind",
    "Project",
    "Recorded",
    "Refusal",
    "ReleaseNotes",
    "Repository",
    "Requires",
    "Result",
    "Review",
    "Role",
    "Session",
    "Shown",
    "Site",
    "Status",
    "TagResult",
    "TooSmall",
    "Verdict",
    "Version",
    "apply",
    "audit",
    "changelog",
    "check",
    "diff",
    "document",
    "draft_changelog",
    "find_repository",
    "gate",
    "open_repository",
    "plan_bump",
    "plan_fix",
    "release_notes",
    "release_status",
    "report",
    "schema",
    "show",
    "surface",
)


def find_repository(folder: str | Path = ".") -> Repository:
    """Find the repository that holds a folder, without opening it: the root of its work tree, None where it is bare, and its git folder.

    >>> find_repository("python").root == str(Path.cwd())
    True

    Raises: LockstepError when there is none.
    """
    return _repository.find(folder)


def open_repository(
    folder: str | Path = ".",
    *,
    ref: str | None = None,
    staged: bool = False,
    config: str | None = None,
    base: str | None = None,
    buffers: Mapping[str, str] | None = None,
    read_only: bool = False,
    listener: Listener = SILENT,
) -> Session:
    """Open the repository that holds a folder: its work tree, the commit `ref`, or what the next commit would hold.

    `config` names the file of the repository to read the configuration from; with `base` the configuration of that commit counts. `buffers` are texts that
    stand in for files of the work tree, by their paths in the repository: what an editor has not saved. A write that was interrupted is finished or undone
    first, and told to the `listener`; with `buffers`, or `read_only`, nothing is written, and such a write is an error.

    >>> [package.name for package in open_repository(".").project().packages]
    ['spam', 'spam']

    Raises: LockstepError when there is no repository, no such commit, or the configuration is wrong.
    """
    if ref is not None:
        return _session.open_ref(str(folder), ref, config_file=config, base=base, listener=listener)
    if staged:
        return _session.open_index(str(folder), config_file=config, base=base, listener=listener)
    return _session.open_work_tree(str(folder), config_file=config, base=base, listener=listener, buffers=buffers, read_only=read_only)


def check(opened: Session, *, tag: str | None = None, release: bool = False) -> CheckResult:
    """Check that every version, requirement and lockfile entry agrees; with `tag` that it names the same version, with `release` what a release needs.

    >>> [finding.rule for finding in check(open_repository("."), tag="v0.6.0").findings]
    ['tag-mismatch']

    Raises: LockstepError when a manifest cannot be read.
    """
    return _check.check(opened, tag=tag, release=release)


def plan_fix(opened: Session, found: CheckResult | None = None, *, only: Finding | None = None) -> FixPlan | None:
    r"""Plan what `check --fix` writes, or with `only` what ends one finding: its place, and what follows from it in locks; None where nothing can be aligned.

    Nothing is written. `found` is what `check` gave for this repository, where it is known.

    >>> print(plan_fix(open_repository(".")))
    None
    >>> drifted = open_repository(".", buffers={"pyproject.toml": '[project]\nname = "spam"\nversion = "0.4.9"\n'})
    >>> [f"{edit.site.place}: {edit.site.text} -> {edit.new}" for edit in plan_fix(drifted).edits]
    ['pyproject.toml:3:12: 0.4.9 -> 0.5.0']

    Raises: LockstepError when a manifest cannot be read, or the result would have an error that was not there before.
    """
    return _check.plan_fix(opened, None if found is None else found.project, only=only)


def plan_bump(opened: Session, wanted: str | BumpRequest) -> BumpPlan | Refusal:
    """Plan the step of a group: patch, minor, major, pre, release, auto, or a version in full; a `BumpRequest` has the options of `lockstep bump` too.

    Nothing is written. A `Refusal` (`TooSmall`, `Drift` or `NotesUnfinished`) says why the step is not to be made.

    >>> plan_bump(open_repository("."), "patch").review.level
    <Requires.MINOR: 'minor'>
    >>> [f"{edit.site.place}: {edit.new}" for edit in plan_bump(open_repository("."), "minor").plan.edits][0]
    'Cargo.toml:3:12: 0.6.0'

    Raises: LockstepError when no such step can be made.
    """
    return _bump.plan_bump(opened, wanted if isinstance(wanted, BumpRequest) else BumpRequest(to=wanted))


def apply(planned: BumpPlan | FixPlan | ChangelogDraft) -> Recorded | None:
    """Write what was planned, all or nothing, and commit and tag a bump where that was wanted; give the commit and the tag.

    >>> planned = plan_bump(open_repository("."), BumpRequest(to="minor", tag=True))
    >>> apply(planned).tag
    'v0.6.0'

    Raises: LockstepError when a file changed meanwhile or cannot be written, or when git refuses: then the tree is the old one.
    """
    if isinstance(planned, FixPlan):
        _check.write(planned)
        return None
    if isinstance(planned, ChangelogDraft):
        _draft.write(planned)
        return None
    return _bump.apply(planned)


def diff(opened: Session, base: str | None = None, *, strict: bool = False) -> Review:
    """Compare what the packages offer with the commit `base`, else with the last release; nothing of the repository runs.

    >>> review = diff(open_repository(".", ref="HEAD"), "v0.5.0")
    >>> review.verdict, review.level
    (<Verdict.TOO_SMALL: 'too-small'>, <Requires.MINOR: 'minor'>)

    Raises: LockstepError when there is no such commit, or no release to compare with.
    """
    return _diff.diff(opened, base, strict=strict)


def surface(opened: Session) -> Moment:
    """Read what every package offers: names, signatures, places, and what could not be analysed.

    >>> sorted(item for one in surface(open_repository(".")).surfaces if one.surface == "python" for item in one.items)[:2]
    ['spam', 'spam.Rank']

    Raises: LockstepError when a manifest cannot be read.
    """
    return _surfaces.read_surfaces(opened)


def changelog(opened: Session, group: str | None = None, *, base: str | None = None) -> ChangelogResult:
    """Check that the changelog of a group has a note for every breaking change since its last release, or since `base`.

    >>> [change.symbol for change in changelog(open_repository(".")).state.changes][:1]
    ['spam.normalize']

    Raises: LockstepError when there is no such group.
    """
    return _changelog.changelog(opened, group, base=base)


def gate(folder: str | Path, tag: str, *, require: Policy | None = None, config: str | None = None) -> TagResult:
    """Check that a tag may be released: a stable version that the project says at that commit, and that has its changelog section.

    >>> gate(".", "v0.5.0").outcome
    <Outcome.PASS: 'pass'>

    Raises: LockstepError when there is no such tag.
    """
    return _gate.gate_tag(str(folder), tag, require=require, config_file=config)


def audit(opened: Session, file: str | None = None) -> AuditResult:
    """Audit one workflow by its path in the repository, else every release workflow.

    >>> audit(open_repository(".")).findings
    ()

    Raises: LockstepError when there is no such workflow, or one cannot be read.
    """
    return _audit.audit(opened, file)


def show(opened: Session) -> Shown:
    """Discover a project: its packages, the groups that move together, every place where a version is written, and how the groups are tagged.

    >>> [str(site.place) for site in show(open_repository(".")).project.sites]
    ['Cargo.toml:3:12', 'pyproject.toml:7:12']

    Raises: LockstepError when a manifest cannot be read.
    """
    return _documents.show(opened)


def draft_changelog(opened: Session, group: str | None = None, *, base: str | None = None) -> ChangelogDraft:
    """Plan a note for each break since the last release, or since `base`, that the changelog does not tell of, and a line for each addition.

    Nothing is written; `apply` writes it.

    >>> draft_changelog(open_repository("."))
    Traceback (most recent call last):
    lockstep.errors.UsageError: there is no changelog

    Raises: LockstepError when there is nothing to compare with, or no changelog that lockstep may write.
    """
    return _draft.draft_changelog(opened, group, base=base)


def release_notes(opened: Session, version: str, group: str | None = None) -> ReleaseNotes:
    """Give what the changelog says of a version, or under `unreleased`, as the notes of a release.

    >>> release_notes(open_repository("."), "0.5.0")
    Traceback (most recent call last):
    lockstep.errors.UsageError: there is no changelog

    Raises: LockstepError when there is no such section.
    """
    return _notes.release_notes(opened, version, group)


def release_status(
    folder: str | Path, tag: str | None = None, *, group: str | None = None, repository: str | None = None, listener: Listener = SILENT
) -> Status:
    """Ask every registry, and GitHub, what they have of a release, and say what is next: of a tag, else of what is here. Nothing is changed.

    GitHub's token is that of GH_TOKEN or GITHUB_TOKEN, `repository` is `owner/name` there.

    >>> release_status(".", "v0.5.0")
    Traceback (most recent call last):
    lockstep.errors.UsageError: the candidate of v0.5.0 is an asset of its release, and it is not known on which repository

    Raises: LockstepError when nothing is known of the release, or nobody can be asked.
    """
    request = _status.StatusRequest(folder=str(folder), tag=tag, group=group, repository=repository)
    return _status.release_status(request, _os.environ, lambda _status, _seconds: None, listener.say)


def document(result: Result) -> dict[str, object]:
    """Give a result as the JSON document that its command prints with `--format json`; `schema` describes it.

    >>> document(check(open_repository(".")))["groups"][0]["version"]
    '0.5.0'
    """
    return _documents.document(result)


def report(result: Result, *, sites: bool = False) -> str:
    """Give a result as the text that its command prints; `sites` adds every place to what `show` gave.

    >>> print(report(check(open_repository("."))), end="")
    in step: 2 packages at 0.5.0, 2 places in 2 files
    """
    return _documents.report(result, sites=sites)


def schema(name: str) -> dict[str, object]:
    """Give the JSON Schema of the documents of a command.

    >>> schema("check")["title"]
    'lockstep check --format json'

    Raises: LockstepError when there is none of that name.
    """
    found: dict[str, object] = _json.loads(_schemas.text(name))
    return found
