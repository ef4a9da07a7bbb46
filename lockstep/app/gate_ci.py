"""The gate of a commit's workflow runs: GitHub is asked which of them succeeded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lockstep.app.gate import outcome
from lockstep.app.session import open_commit
from lockstep.config import Config
from lockstep.dataclass import dataclass
from lockstep.errors import RepositoryError, UsageError
from lockstep.evidence import gated_workflows, github_repository, workflow_runs
from lockstep.evidence.github import Api
from lockstep.model import Finding, Outcome, Place
from lockstep.repository import git_trees
from lockstep.repository.repository import Repository, find
from lockstep.rules import judge_checks

if TYPE_CHECKING:
    from lockstep.workflow.commit_runs import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class CiRequest:
    """What is wanted of GitHub; what is None is taken from the environment, the configuration and the remote. `wait` is in seconds."""

    folder: str = "."
    config_file: str | None = None
    ref: str | None = None
    workflows: Sequence[str] = ()
    wait: float | None = None
    branch: str | None = None
    repository: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CiResult:
    """What GitHub says of the runs of a commit."""

    checks: Checks
    commit: str
    outcome: Outcome
    findings: tuple[Finding, ...]


def gate_ci(request: CiRequest, environment: Mapping[str, str], progress: Callable[[Checks, float], None], say: Callable[[str], None]) -> CiResult:
    """Check that every gated workflow succeeded for a commit; `environment` is that of GitHub Actions, or of a shell with a token.

    `progress` is told what is waited for, and how many seconds are left.

    Raises: LockstepError when there is no such commit, or GitHub cannot be asked.
    """
    api = Api.of(environment)
    wanted = tuple(request.workflows)
    git, tree, settings, sha = _commit(request, request.ref or environment.get("GITHUB_SHA") or "HEAD", named=bool(wanted))
    named = request.repository or environment.get("GITHUB_REPOSITORY") or ""
    slug = (
        github_repository.slug(named, "--repository" if request.repository else "GITHUB_REPOSITORY")
        if named or git is None
        else github_repository.origin(git, api, environment.get("GITHUB_SERVER_URL", ""))
    )
    itself = _own_workflow(environment.get("GITHUB_WORKFLOW_REF", ""), environment.get("GITHUB_REF", ""))
    own = environment.get("GITHUB_RUN_ID", "")
    place = Place(path="--workflow" if wanted else settings.path or ".")
    question = workflow_runs.Question(
        repository=slug,
        sha=sha,
        branch=request.branch or settings.gate.branch,
        choose=gated_workflows.chooser(tree, wanted or tuple(settings.gate.workflows), place, itself),
        own=int(own) if own.isdecimal() else 0,
    )
    found = workflow_runs.ask_runs(api, question, request.wait, progress, say)
    findings = tuple(judge_checks(found))
    return CiResult(checks=found, commit=sha, outcome=outcome(findings), findings=findings)


def _commit(request: CiRequest, ref: str, *, named: bool) -> tuple[Repository | None, git_trees.GitTree | None, Config, str]:
    """Give the repository, the commit as a tree, its configuration, and its id; a full id needs no clone where the workflows are named.

    Raises: UsageError when there is no such commit, RepositoryError when there is no repository and one is needed.
    """
    alone = named and request.config_file is None and workflow_runs.is_commit_id(ref)
    git: Repository | None = None
    try:
        git = find(request.folder)
        opened = open_commit(git, ref, config_file=request.config_file)
    except (RepositoryError, UsageError) as error:
        if alone:
            return git, None, Config(), ref
        if workflow_runs.is_commit_id(ref) and not error.path:
            error.help = f"{error.help}; or name the workflows, which needs no clone: --workflow ci.yml".removeprefix("; or ")
        raise
    tree = opened.tree
    assert isinstance(tree, git_trees.GitTree)
    return git, tree, opened.config, tree.sha


def _own_workflow(workflow: str, ref: str) -> str:
    """Give the path of the workflow that runs this, where a push to a branch started it: `owner/name/.github/workflows/ci.yml@refs/heads/main`."""
    path, _, at = workflow.partition("@")
    return path.split("/", 2)[-1] if path.count("/") > 2 and at == ref and ref.startswith("refs/heads/") else ""
