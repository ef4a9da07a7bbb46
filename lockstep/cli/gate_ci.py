"""`lockstep gate ci`: did every gated workflow succeed for this very commit?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from lockstep.cli.options import Argument, ConfigOption, FormatOption, NoColorOption, Option, QuietOption, RepoOption, VerboseOption

if TYPE_CHECKING:
    from lockstep.cli.session import Output
    from lockstep.config import Config
    from lockstep.repository.git_trees import GitTree, Repository
    from lockstep.workflow.commit_runs import Checks


def command(
    ref: Annotated[
        str | None, Argument(metavar="[REF]", help="The tag, branch or commit; else GITHUB_SHA in GitHub Actions, HEAD elsewhere.", show_default=False)
    ] = None,
    workflow: Annotated[
        list[str] | None,
        Option(
            "--workflow",
            "-w",
            metavar="NAME",
            help="A workflow that must have succeeded, as ci.yml; repeatable. Else gate.workflows, else those that run for every push.",
            show_default=False,
        ),
    ] = None,
    wait: Annotated[
        float | None, Option("--wait", metavar="[SECONDS]", help="Wait for what is not finished; half an hour without a number.", bare="1800")
    ] = None,
    branch: Annotated[
        str | None, Option("--branch", metavar="BRANCH", help="The branch that was pushed to; else gate.branch, else the default branch.")
    ] = None,
    repository: Annotated[
        str | None, Option("--repository", metavar="OWNER/NAME", help="The repository on GitHub; else GITHUB_REPOSITORY, else the remote origin.")
    ] = None,
    repo: RepoOption = ".",
    config: ConfigOption = None,
    format_: FormatOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Check that every gated workflow succeeded for this commit.

    Asks GitHub for the runs that a push of this very commit to the default branch started, and takes the newest attempt. The token is that of
    GH_TOKEN or GITHUB_TOKEN; it needs `actions: read`.

    Exit code 0: all succeeded. 1: one did not, or not yet. 2: could not ask. 3: GitHub does not show it.
    """
    import os  # noqa: PLC0415 - `--help` pays for nothing

    from lockstep.cli import gating, session  # noqa: PLC0415
    from lockstep.evidence import runs  # noqa: PLC0415
    from lockstep.evidence.github import Api  # noqa: PLC0415
    from lockstep.model import Place  # noqa: PLC0415
    from lockstep.reports import data, text  # noqa: PLC0415
    from lockstep.rules import judge_checks  # noqa: PLC0415

    output = session.Output.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
    environment = os.environ
    api = Api.of(environment)
    git, tree, settings, sha = _commit(repo, config, ref or environment.get("GITHUB_SHA") or "HEAD", named=bool(workflow))
    named = repository or environment.get("GITHUB_REPOSITORY") or ""
    slug = (
        runs.slug(named, "--repository" if repository else "GITHUB_REPOSITORY")
        if named or git is None
        else runs.origin(git, api, environment.get("GITHUB_SERVER_URL", ""))
    )
    itself, own = _itself(environment.get("GITHUB_WORKFLOW_REF", ""), environment.get("GITHUB_REF", "")), environment.get("GITHUB_RUN_ID", "")
    wanted = tuple(workflow or settings.gate.workflows)
    question = runs.Question(
        repository=slug,
        sha=sha,
        branch=branch or settings.gate.branch,
        choose=runs.choose(tree, wanted, Place(path="--workflow" if workflow else settings.path or "."), itself),
        own=int(own) if own.isdecimal() else 0,
    )
    progress, done = _progress(output)

    def told(text: str) -> None:
        done()
        output.say(text)

    try:
        found = runs.checks(api, question, wait, progress, told)
    finally:
        done()
    findings = judge_checks(found)
    result = gating.outcome(findings)
    good = text.green(found)
    gating.close(output, result, findings, good, data.gate("gate ci", result, findings, **data.runs(found)), {"commit": sha})


def _commit(folder: str, config: str | None, ref: str, *, named: bool) -> tuple[Repository | None, GitTree | None, Config, str]:
    """Give the repository, the commit as a tree, its configuration, and its id; a full id needs no clone where the workflows are named.

    Raises: UsageError when there is no such commit, RepositoryError when there is no repository and one is needed.
    """
    from lockstep.cli import session  # noqa: PLC0415
    from lockstep.config import Config  # noqa: PLC0415
    from lockstep.errors import RepositoryError, UsageError  # noqa: PLC0415
    from lockstep.evidence.runs import is_commit  # noqa: PLC0415
    from lockstep.repository import git_trees as repositories  # noqa: PLC0415

    alone = named and config is None and is_commit(ref)
    git: Repository | None = None
    try:
        git = repositories.find(folder)
        opened = session.at_commit(git, config, ref)
    except (RepositoryError, UsageError) as error:
        if alone:
            return git, None, Config(), ref
        if is_commit(ref) and not error.path:
            error.help = f"{error.help}; or name the workflows, which needs no clone: --workflow ci.yml".removeprefix("; or ")
        raise
    tree = opened.tree
    assert isinstance(tree, repositories.GitTree)
    return git, tree, opened.config, tree.sha


def _itself(workflow: str, ref: str) -> str:
    """Give the path of the workflow that runs this, where a push to a branch started it: `owner/name/.github/workflows/ci.yml@refs/heads/main`."""
    path, _, at = workflow.partition("@")
    return path.split("/", 2)[-1] if path.count("/") > 2 and at == ref and ref.startswith("refs/heads/") else ""


def _progress(output: Output) -> tuple[Callable[[Checks, float], None], Callable[[], None]]:
    """Give what tells on a terminal what is waited for, and what clears that line."""
    import sys  # noqa: PLC0415

    from lockstep.reports import text  # noqa: PLC0415

    if output.quiet or not sys.stderr.isatty():
        return lambda *_: None, lambda: None

    def write(line: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{line}")
        sys.stderr.flush()

    return lambda found, left: write(text.waiting(found, left)), lambda: write("")
