"""A repository with a bare remote, and GitHub's pull requests of that remote on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.evidence import http
from tests.conftest import EPOCH, Repo, Result, Run, Story, call
from tests.gate.pulls import Pull, PullHandler, PullHub
from tests.gate.standin import serve

TOKEN = "ghp_of-who-may-write"
BRANCH = "lockstep/release-main"


@dataclass
class Project:
    """A clone, its bare remote, and GitHub."""

    repo: Repo
    remote: Repo
    hub: PullHub
    run: Run
    folder: Path

    def pr(self, *args: str, code: int = 0) -> Result:
        """Run `lockstep pr`, and look that nothing of the clone moved, and no token is told or sent elsewhere."""
        before = self.state()
        result = self.run("pr", *args, repo=self.repo, code=code)
        assert self.state() == before, "the work tree, the index, HEAD and all refs are as they were"
        assert TOKEN not in result.out + result.err
        return result

    def json(self, *args: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.pr(*args, "--format", "json", code=code).out)
        jsonschema.validate(found, json.loads(files("lockstep").joinpath("schemas/pr.json").read_text()))
        return found

    def outcome(self, *args: str, code: int = 0) -> str:
        """Run it, and give the one outcome."""
        found = self.json(*args, code=code)
        [outcome] = [one["outcome"] for one in (*found["pull_requests"], *found["closed"])]
        assert isinstance(outcome, str)
        return outcome

    def state(self) -> tuple[object, ...]:
        refs = self.repo.git("for-each-ref", "--format=%(refname) %(objectname)")
        return (
            self.repo.contents(),
            refs,
            self.repo.git("rev-parse", "HEAD"),
            self.repo.git("-c", "core.fsmonitor=false", "ls-files", "-s"),
            self.repo.path(".git/index").read_bytes(),
        )

    def push(self, message: str = "change", *, when: int = EPOCH, **changed: str) -> str:
        """Commit to main and push it."""
        self.repo.write({name.replace("__", "/"): text for name, text in changed.items()}).commit(message, when=when)
        self.repo.git("push", "-q", "origin", "main")
        return self.repo.git("rev-parse", "HEAD").strip()

    def head(self, branch: str = BRANCH) -> str:
        return self.hub.sha_of(branch)

    def show(self, path: str, ref: str = BRANCH) -> str:
        return self.remote.git("show", f"{ref}:{path}")

    def other(self) -> Repo:
        """Give a clone of somebody else."""
        count = len([*self.folder.glob("other*")])
        clone = Repo(self.folder / f"other{count}")
        self.remote.git("clone", "-q", str(self.remote.root), str(clone.root))
        return clone

    @property
    def pull(self) -> Pull:
        [found] = self.hub.pulls
        return found


@contextmanager
def served(repo: Repo, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Give a story a changelog, a bare remote, and GitHub."""
    patch.setattr(http, "PAUSE", 0.01)
    repo.write({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.5.0] - 2023-11-01\n\n- Old.\n"}).commit("docs: a changelog")
    remote = Repo(folder / "remote.git")
    repo.git("clone", "-q", "--bare", str(repo.root), str(remote.root))
    repo.git("remote", "add", "origin", str(remote.root))
    hub = PullHub(remote=remote.root, writers={TOKEN}, token=TOKEN)
    with serve(hub, PullHandler):
        for name, value in {"GITHUB_API_URL": hub.url, "GH_TOKEN": TOKEN, "GITHUB_REPOSITORY": hub.name}.items():
            patch.setenv(name, value)
        yield Project(repo, remote, hub, call, folder)


@pytest.fixture
def project(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with served(story("promises"), tmp_path, monkeypatch) as made:
        yield made
