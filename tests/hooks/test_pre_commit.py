"""The hooks in the real pre-commit and the real prek: a repository of its own installs them, commits, and pushes to a remote.

Most tests replace `language: python` by `language: system`, so that no environment is built; one builds it as everybody's does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from ruamel.yaml import YAML

from tests.conftest import Repo, Run, Story, part
from tests.hooks.conftest import HOME, quiet

SCRIPTS = Path(sys.executable).parent
RUNNERS = ("prek", "pre-commit")
Commit: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def found(name: str) -> str:
    """Give the path of a program beside this Python, or on the PATH."""
    path = shutil.which(name, path=os.pathsep.join((str(SCRIPTS), os.environ["PATH"])))
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def environment(tmp_path: Path) -> dict[str, str]:
    path = os.pathsep.join((str(SCRIPTS), os.environ["PATH"]))
    folders = {name: str(tmp_path / "runner") for name in ("PRE_COMMIT_HOME", "PREK_HOME")}
    return {**os.environ, **folders, "PATH": path, "PRE_COMMIT_COLOR": "never", "PREK_COLOR": "never"}


class Project:
    """A repository that uses our hooks, and a remote to push to."""

    def __init__(self, repo: Repo, runner: str, published: Repo, tmp_path: Path, *, system: bool = True) -> None:
        self.repo = repo
        self.env = environment(tmp_path)
        self.runner = runner
        language = "\n        language: system" if system else ""
        hooks = "".join(f"      - id: {name}{language}\n" for name in ("lockstep-check", "lockstep-diff"))
        repo.write({".pre-commit-config.yaml": f"repos:\n  - repo: {published.root.as_uri()}\n    rev: v0.1.0\n    hooks:\n{hooks}"}).commit("hooks")
        bare = tmp_path / "remote.git"
        repo.git("clone", "-q", "--bare", ".", str(bare))
        repo.git("remote", "add", "origin", str(bare))
        done = quiet(runner, "install", "--hook-type", "pre-commit", "--hook-type", "pre-push", repo=repo, env=self.env)
        assert done.returncode == 0, done.stdout

    def commit(self, *args: str) -> subprocess.CompletedProcess[str]:
        return quiet("git", "commit", "-m", "change", *args, repo=self.repo, env=self.env)

    def push(self, *args: str) -> subprocess.CompletedProcess[str]:
        return quiet("git", "push", "origin", *(args or ("HEAD:refs/heads/topic",)), repo=self.repo, env=self.env)


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest) -> str:
    return found(request.param)


def test_the_manifest_is_valid_to_both(runner: str) -> None:
    done = subprocess.run([runner, "validate-manifest", HOME / ".pre-commit-hooks.yaml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_hooks_always_run_and_never_see_file_names() -> None:
    for hook in YAML(typ="safe", pure=True).load(HOME / ".pre-commit-hooks.yaml"):
        assert hook["always_run"] is True
        assert hook["pass_filenames"] is False
        assert hook["language"] == "python"


@part(2)
def test_a_commit_that_is_out_of_step_is_refused(runner: str, published: Repo, story: Story, tmp_path: Path) -> None:
    project = Project(story("twins"), runner, published, tmp_path)
    repo = project.repo.write({"lockstep.toml": '[[sites]]\npath = "docs/any.where"\npattern = "at {version}"\n', "docs/any.where": "at 0.2.0\n"})
    repo.git("add", "-A")
    done = project.commit()
    assert done.returncode == 0, done.stdout
    assert "lockstep check" in done.stdout

    repo.replace("docs/any.where", "0.2.0", "0.1.9").git("add", "-A")  # no format knows this file: only always_run sees it
    refused = project.commit()
    assert refused.returncode != 0
    assert "docs/any.where:1:4 version-mismatch" in refused.stdout

    repo.replace("docs/any.where", "0.1.9", "0.2.0")  # mended, and not added: what is committed is still wrong
    assert "version-mismatch" in project.commit().stdout
    done = project.commit("--all")
    assert done.returncode != 0, "nothing is left to commit"
    assert "version-mismatch" not in done.stdout


@part(2)
def test_what_a_commit_leaves_out_does_not_count(runner: str, published: Repo, story: Story, tmp_path: Path) -> None:
    project = Project(story("twins"), runner, published, tmp_path)
    project.repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"').write({"notes.txt": "new\n"})
    project.repo.git("add", "notes.txt")
    done = project.commit("--only", "notes.txt")
    assert done.returncode == 0, done.stdout
    refused = project.commit("--only", "python/spam/__init__.py")
    assert refused.returncode != 0
    assert "version-mismatch" in refused.stdout


@part(2)
def test_a_commit_in_a_linked_work_tree_is_checked_there(runner: str, published: Repo, story: Story, tmp_path: Path) -> None:
    project = Project(story("twins"), runner, published, tmp_path)
    project.repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")
    project.repo = Repo(tmp_path / "linked")
    project.repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"').git("add", "-A")
    assert "version-mismatch" in project.commit().stdout


@part(2)
def test_a_push_is_refused_when_the_version_moved_by_too_little(runner: str, published: Repo, story: Story, tmp_path: Path, run: Run) -> None:
    project = Project(story("promises", "v0.5.0"), runner, published, tmp_path)
    repo = project.repo
    repo.replace("python/spam/__init__.py", "def normalize", "def normalise").git("add", "-A")
    assert project.commit().returncode == 0

    done = project.push()  # a break that waits for its bump is no fault yet
    assert done.returncode == 0, done.stdout

    run("bump", "patch", "--force", repo=repo, code=0)
    repo.git("add", "-A")
    assert project.commit().returncode == 0
    refused = project.push()
    assert refused.returncode != 0
    assert "name-removed" in refused.stdout
    assert "too small" in refused.stdout

    repo.replace("python/spam/__init__.py", "def normalise", "def normalize")  # in the work tree alone: what is pushed is still wrong
    assert project.push().returncode != 0
    assert project.push("HEAD~1:refs/heads/other").returncode == 0
    repo.git("checkout", "-q", "--", ".")

    run("bump", "minor", repo=repo)
    run("bump", "0.6.0", "--force", "--allow-dirty", repo=repo)
    assert 'version = "0.6.0"' in repo.read("Cargo.toml")
    repo.git("add", "-A")
    assert project.commit().returncode == 0
    done = project.push()
    assert done.returncode == 0, done.stdout


@part(2)
def test_a_push_before_the_first_release_is_no_fault(runner: str, published: Repo, story: Story, tmp_path: Path) -> None:
    repo = story("twins")
    for tag in repo.tags():
        repo.git("tag", "-d", tag)
    project = Project(repo, runner, published, tmp_path)
    repo.write({"new.txt": "x\n"}).git("add", "-A")
    assert project.commit().returncode == 0
    done = project.push()
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif("LOCKSTEP_FULL" not in os.environ, reason="builds an environment from PyPI: LOCKSTEP_FULL=1 pytest tests/hooks")
def test_the_environment_that_everybody_gets(runner: str, published: Repo, story: Story, tmp_path: Path) -> None:
    project = Project(story("twins"), runner, published, tmp_path, system=False)
    project.env["PATH"] = os.pathsep.join(part for part in project.env["PATH"].split(os.pathsep) if Path(part) != SCRIPTS)
    project.repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"').git("add", "-A")
    refused = project.commit()
    assert "version-mismatch" in refused.stdout, refused.stdout
    project.repo.replace("python/spam/__init__.py", '"0.1.9"', '"0.2.0"').write({"notes.txt": "x\n"}).git("add", "-A")
    assert project.commit().returncode == 0
    done = project.push()
    assert done.returncode == 0, done.stdout
    assert "lockstep diff" in done.stdout
