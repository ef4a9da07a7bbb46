"""A repository whose workflows are gated, and the stand-in of GitHub that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockstep.evidence import github, runs
from tests.conftest import Repo, Result, Run
from tests.gate.standin import Hub, serve

CI = "name: CI\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
RELEASE = "on:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"
FILES = {".github/workflows/ci.yml": CI, ".github/workflows/release.yml": RELEASE}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve(Hub(workflows={"ci.yml": "active", "release.yml": "active"})) as served:
        yield served


@pytest.fixture(scope="session")
def spam(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Build the repository once."""
    repo = Repo(tmp_path_factory.mktemp("gated") / "spam")
    repo.root.mkdir()
    repo.git("init", "-q", "--template=", "--initial-branch=main")
    repo.write(FILES).commit("start")
    repo.git("remote", "add", "origin", "git@github.com:spam/eggs.git")
    return repo


@pytest.fixture
def gated(spam: Repo, tmp_path: Path) -> Repo:
    return spam.copy(tmp_path / "spam")


@pytest.fixture
def sha(gated: Repo) -> str:
    return gated.git("rev-parse", "HEAD").strip()


@dataclass
class Gate:
    """Asks the gate about the repository."""

    run: Run
    repo: Repo

    def __call__(self, *args: str, code: int | None = None) -> Result:
        return self.run("gate", "ci", *args, repo=self.repo, code=code)


@pytest.fixture
def in_reach(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in be asked, in a hurry."""
    monkeypatch.setenv("GITHUB_API_URL", hub.url)
    monkeypatch.setattr(github, "PAUSE", 0.01)
    monkeypatch.setattr(runs, "POLL", 0.02)


@pytest.fixture
def gate(run: Run, gated: Repo, in_reach: None) -> Gate:  # noqa: ARG001 - it sets the environment
    """Ask about the repository."""
    return Gate(run, gated)
