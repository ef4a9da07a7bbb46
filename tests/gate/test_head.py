"""`lockstep gate head`, against real remotes on this disk: the head, and every other place where a commit can stand."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from lockstep.evidence.remote import remote_environment
from tests.conftest import Fresh, Repo, Run
from tests.writing.runner import outputs_of


@pytest.fixture
def remote(tmp_path: Path) -> Repo:
    root = tmp_path / "remote.git"
    root.mkdir()
    made = Repo(root)
    made.git("init", "-q", "--bare", "--initial-branch=trunk", ".")
    return made


@pytest.fixture
def repo(fresh: Fresh, remote: Repo) -> Repo:
    """Make one, two and a merge of `side`, which holds one commit; `other` is not merged."""
    made = fresh({"README.md": "x"})
    made.git("branch", "-m", "trunk")
    made.git("remote", "add", "origin", str(remote.root))
    made.commit("one", tag="one").commit("two", tag="two")
    made.git("checkout", "-q", "-b", "side", "one")
    made.commit("side", tag="inside")
    made.git("checkout", "-q", "-b", "other", "two")
    made.commit("other", tag="aside")
    made.git("checkout", "-q", "trunk")
    made.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    made.commit("three", tag="v1.2.3")
    made.git("push", "-q", "origin", "refs/heads/trunk", "refs/heads/other")
    return made


def test_the_head_passes(repo: Repo, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    sha = repo.git("rev-parse", "HEAD").strip()
    for ref in ("v1.2.3", "HEAD", "refs/tags/v1.2.3", sha):
        assert run("gate", "head", ref, repo=repo, code=0).out.endswith(f"at {sha[:12]} is the head of trunk\n")
    assert outputs_of((tmp_path / "out").read_text()) == {"ok": "true", "outcome": "pass", "branch": "trunk", "commit": sha}


def test_where_another_commit_stands_is_said(repo: Repo, run: Run) -> None:
    merge = repo.git("rev-parse", "HEAD^").strip()
    assert "2 commits behind the head of trunk" in run("gate", "head", "two", repo=repo, code=1).out
    assert f"inside of a branch that {merge[:12]} merged into trunk" in run("gate", "head", "inside", repo=repo, code=1).out
    aside = run("gate", "head", "aside", repo=repo, code=1).out
    assert "is not in trunk but in other" in aside
    assert "if releases are made on other, name it with --branch or gate.branch: it is the head there" in aside
    repo.commit("four", tag="ahead")
    assert "which origin does not have" in run("gate", "head", "ahead", repo=repo, code=1).out
    repo.git("checkout", "-q", "--orphan", "lost")
    repo.commit("lost", tag="lost")
    assert "is not in trunk nor in any other branch of origin" in run("gate", "head", "lost", repo=repo, code=1).out
    document = json.loads(run("gate", "head", "inside", "--format", "json", repo=repo, code=1).out)
    assert (document["outcome"], document["stands"], document["findings"][0]["rule"]) == ("refused", "merged", "commit-inside-merge")


def test_it_is_the_remote_that_counts(repo: Repo, run: Run, remote: Repo, tmp_path: Path) -> None:
    """What the clone believes of the remote is old: somebody else has pushed."""
    there = tmp_path / "there"
    subprocess.run(["git", "clone", "-q", str(remote.root), str(there)], check=True)
    Repo(there).commit("elsewhere").git("push", "-q", "origin", "trunk")
    result = run("gate", "head", "v1.2.3", repo=repo, code=1)
    assert "commit-off-branch" in result.out
    assert "git fetch origin trunk" in result.out
    repo.git("fetch", "-q")
    assert "1 commit behind" in run("gate", "head", "v1.2.3", repo=repo, code=1).out


def test_the_branch_can_be_named(repo: Repo, run: Run, remote: Repo) -> None:
    run("gate", "head", "aside", "--branch", "other", repo=repo, code=0)
    repo.git("config", "--unset", "remote.origin.url")
    run("gate", "head", "v1.2.3", "--remote", str(remote.root), repo=repo, code=0)
    run("gate", "head", "v1.2.3", "--remote", remote.root.as_uri(), repo=repo, code=0)
    repo.git("checkout", "-q", "other")
    repo.write({"lockstep.toml": '[gate]\nbranch = "other"\n'}).commit(tag="v1.2.4").git("push", "-q", str(remote.root), "HEAD:other")
    run("gate", "head", "v1.2.4", "--remote", str(remote.root), repo=repo, code=0)


def test_a_shallow_clone_knows_the_head_and_says_what_it_does_not_know(repo: Repo, run: Run, remote: Repo, tmp_path: Path) -> None:
    repo.git("push", "-q", "origin", "v1.2.3", "two")
    for tag, code in (("v1.2.3", 0), ("two", 1)):
        there = tmp_path / tag
        subprocess.run(["git", "clone", "-q", "--depth=1", f"--branch={tag}", remote.root.as_uri(), str(there)], check=True, capture_output=True)
        result = run("gate", "head", tag, repo=Repo(there), code=code)
        assert (code == 0) or "fetch-depth: 0" in result.out


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("{tmp}/nothing", "nothing"),
        ("ext::sh -c 'touch {tmp}/ran'", "not allowed"),
        ("ssh://-oProxyCommand=touch%20{tmp}/ran/x", "strange hostname"),
        ("--upload-pack=touch {tmp}/ran", "cannot be asked"),
        ("https://user:secret@127.0.0.1:1/x", "cannot be asked"),
    ],
)
def test_a_remote_that_is_not_visible_is_no_pass(repo: Repo, run: Run, tmp_path: Path, url: str, said: str) -> None:
    repo.git("config", "remote.origin.url", url.format(tmp=tmp_path))
    repo.git("config", "protocol.allow", "always")
    result = run("gate", "head", "v1.2.3", repo=repo, code=3)
    assert "remote-unseen" in result.out
    assert said in result.out
    assert "secret" not in result.out + result.err
    assert not (tmp_path / "ran").exists()


def test_a_branch_that_is_not_there_and_a_remote_without_commits(repo: Repo, run: Run, tmp_path: Path) -> None:
    told = run("gate", "head", "v1.2.3", "--branch", "main", repo=repo, code=3).out
    assert "the remote origin has no branch main" in told
    assert "its branches are " in told
    assert "did you mean trunk?" in run("gate", "head", "v1.2.3", "--branch", "trnk", repo=repo, code=3).out
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "empty")], check=True)
    assert "does not say which branch" in run("gate", "head", "v1.2.3", "--remote", str(tmp_path / "empty"), repo=repo, code=3).out
    assert "no such remote" in run("gate", "head", "v1.2.3", "--remote", "upstream", repo=repo, code=3).out
    run("gate", "head", "nothing", repo=repo, code=2)


def test_no_program_that_the_repository_names_runs(repo: Repo, run: Run, remote: Repo, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    canary = repo.path("canary")
    repo.write({"canary": f'#!/bin/sh\necho "$0 $*" >> "{ran}"\nexit 1\n'})
    canary.chmod(canary.stat().st_mode | stat.S_IXUSR)
    settings = {
        "core.sshCommand": canary, "core.askPass": canary, "core.gitProxy": canary, "core.fsmonitor": canary, "credential.helper": f"!{canary}",
        "remote.origin.uploadpack": canary, "remote.origin.vcs": "canary", "core.alternateRefsCommand": canary, "protocol.ext.allow": "always",
        f"url.ext::{canary} .insteadOf": str(remote.root), "alias.ls-remote": f"!{canary}", "core.pager": canary, "uploadpack.packObjectsHook": canary,
        "http.proxy": "http://127.0.0.1:1", "core.hooksPath": repo.root,
    }  # fmt: skip
    for key, value in settings.items():
        repo.git("config", key, str(value))
    run("gate", "head", "v1.2.3", repo=repo, code=0)
    run("gate", "head", "two", repo=repo, code=1)
    for url in ("ssh://git@127.0.0.1/x", "git@127.0.0.1:x", "https://127.0.0.1:1/x"):
        run("gate", "head", "v1.2.3", "--remote", url, repo=repo, code=3)
    assert not ran.exists()
    subprocess.run(["git", "ls-remote", "ssh://git@127.0.0.1/x"], cwd=repo.root, capture_output=True, check=False)  # the canary does sing
    assert ran.exists()


def test_the_token_of_the_job_goes_to_github_alone() -> None:
    job = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GH_TOKEN": "secret"}
    given = remote_environment(Path("/"), "https://github.com/o/r", job)
    assert [given[f"GIT_CONFIG_KEY_{number}"] for number in (0, 1)] == ["http.https://github.com/.extraheader", "http.followRedirects"]
    for address in ("https://github.com.example/o/r", "http://github.com/o/r", "git@github.com:o/r", "https://example.org/github.com/"):
        assert "GIT_CONFIG_COUNT" not in remote_environment(Path("/"), address, job)
    assert "GIT_CONFIG_COUNT" not in remote_environment(Path("/"), "https://github.com/o/r", {**job, "GITHUB_ACTIONS": ""})
    assert "GIT_CONFIG_COUNT" not in remote_environment(Path("/"), "https://evil/o/r", {**job, "GITHUB_SERVER_URL": "https://evil/ x"})
