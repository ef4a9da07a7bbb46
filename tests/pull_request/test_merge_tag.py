"""The tag after the merge: of the merge commit alone, once, and never where it says something else."""

from __future__ import annotations

import pytest

from tests.conftest import Repo
from tests.gate import standin
from tests.pull_request.conftest import BRANCH, Project
from tests.pull_request.test_update import hook


def merge(project: Project, how: str = "merge") -> str:
    """Open the pull request, and merge it as GitHub does; give the commit that it became."""
    project.pr()
    other = project.other()
    other.git("fetch", "-q", "origin", BRANCH)
    match how:
        case "merge":
            other.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{project.pull.number}", "FETCH_HEAD")
        case "squash":
            other.git("merge", "-q", "--squash", "FETCH_HEAD")
            other.git("commit", "-q", "-m", "Release 0.6.0 (#7)")
        case _:
            other.git("cherry-pick", "FETCH_HEAD")
    other.git("push", "-q", "origin", "main")
    commit = other.git("rev-parse", "HEAD").strip()
    project.hub.merge(project.pull, commit)
    project.repo.git("pull", "-q", "--ff-only", "origin", "main")
    return commit


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_the_commit_that_it_became_is_tagged_once(project: Project, how: str) -> None:
    commit = merge(project, how)
    assert project.outcome("--merge-tag") == "tagged"
    said = project.remote.git("for-each-ref", "--format=%(objecttype) %(*objectname) %(contents:subject)", "refs/tags/v0.6.0").strip()
    assert said == f"tag {commit} Release 0.6.0"
    assert project.outcome("--merge-tag") == "current"
    assert project.outcome() == "nothing"
    project.repo.git("fetch", "-q", "--tags", "origin")
    assert project.outcome("--merge-tag") == "current"
    assert project.outcome() == "nothing"


def test_any_other_commit_is_left_alone(project: Project) -> None:
    project.pr()
    assert project.outcome("--merge-tag") == "nothing"
    merge(project)
    project.push("one more", README="x")
    assert project.outcome("--merge-tag") == "nothing"
    assert "v0.6.0" not in project.remote.git("tag")


def test_a_tag_that_is_somewhere_else_is_not_moved(project: Project) -> None:
    merge(project)
    project.remote.git("tag", "v0.6.0", "main~1")
    result = project.pr("--merge-tag", code=1)
    assert "the tag v0.6.0 exists already, at" in result.out
    assert project.remote.git("rev-parse", "v0.6.0") == project.remote.git("rev-parse", "main~1")


def test_a_plain_tag_of_the_same_commit_is_enough(project: Project) -> None:
    merge(project)
    project.remote.git("tag", "v0.6.0", "main")
    assert project.outcome("--merge-tag") == "current"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"version": "0.6.0"', '"version": "0.7.0"', "#7 released spam 0.7.0, and spam is at 0.6.0"),
        ('"version": "0.6.0"', '"version": "huge"', "#7 released spam huge, and spam is at 0.6.0"),
        ('"group": "spam"', '"group": "eggs"', "eggs is no group of this commit"),
        ('"tag": "v0.6.0"', '"tag": "v9"', "#7 says the tag v9, and spam 0.6.0 is tagged v0.6.0 here"),
    ],
)
def test_what_the_body_says_is_compared_and_never_believed(project: Project, old: str, new: str, said: str) -> None:
    merge(project)
    project.pull.body = project.pull.body.replace(old, new)
    assert said in project.pr("--merge-tag", code=1).out
    assert project.remote.git("tag").split() == ["v0.4.0", "v0.5.0"]


def test_a_version_that_was_changed_in_the_merge_is_not_tagged(project: Project) -> None:
    project.pr()
    other = project.other()
    other.git("merge", "-q", "--no-ff", "--no-commit", f"origin/{BRANCH}")
    for path in ("Cargo.toml", "pyproject.toml"):
        other.replace(path, 'version = "0.6.0"', 'version = "0.6.1"')
    other.commit("Merge pull request #7")
    other.git("push", "-q", "origin", "main")
    project.hub.merge(project.pull, other.git("rev-parse", "HEAD").strip())
    project.repo.git("pull", "-q", "--ff-only", "origin", "main")
    assert "#7 released spam 0.6.0, and spam is at 0.6.1" in project.pr("--merge-tag", code=1).out


def test_a_pull_request_of_another_branch_is_not_ours(project: Project) -> None:
    commit = merge(project)
    project.pull.head = "feature"
    project.pull.merge = commit
    assert "not one of lockstep pr" in project.pr("--merge-tag", code=1).out


def test_two_runs_at_once_tag_once(project: Project) -> None:
    merge(project)
    second = Repo(project.folder / "second")
    project.repo.copy(second.root)
    hook(project, "pre-receive", "exit 0")
    project.pr("--merge-tag")
    assert project.outcome("--merge-tag") == "current"


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (standin.status(403, "Resource not accessible by integration"), 3, "403"),
        (standin.status(500, "oops"), 3, "GitHub answers 500"),
        (standin.says(b"<html>", "text/html"), 3, "no JSON"),
        (standin.status(422, "No commit found for SHA"), 3, "422"),
    ],
)
def test_what_github_does_not_show_is_not_tagged(project: Project, fault: standin.Fault, code: int, said: str) -> None:
    merge(project)
    project.hub.fault("/commits/", fault, times=4)
    assert said in project.pr("--merge-tag", code=code).out
    assert "v0.6.0" not in project.remote.git("tag")


def test_a_protected_tag_and_a_remote_that_is_gone_are_told(project: Project) -> None:
    merge(project)
    hook(project, "update", 'case "$1" in refs/tags/*) echo "GH013: Repository rule violations found for $1" >&2; exit 1;; esac')
    assert "v0.6.0 was not pushed" in project.pr("--merge-tag", code=1).out
    assert "no such remote" in project.pr("--merge-tag", "--remote", "upstream", code=2).err
    project.repo.git("remote", "set-url", "origin", str(project.folder / "gone"))
    assert "cannot be asked" in project.pr("--merge-tag", code=3).out


def test_in_a_workflow_the_tag_is_an_output(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    merge(project)
    output = project.folder / "output"
    output.write_text("")
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    project.pr("--merge-tag")
    project.pr("--merge-tag")
    assert output.read_text() == "tag=v0.6.0\n" * 2


def test_it_goes_alone(project: Project) -> None:
    assert "--merge-tag goes without" in project.pr("--merge-tag", "--dry-run", code=2).err
