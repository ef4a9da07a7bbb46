"""A repository whose workflows are gated, and the stand-in of GitHub that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockstep.evidence import http, workflow_runs
from tests.conftest import Repo, Result, Run
from tests.gate.standin import Hub, serve
from tests.gate.trials import WORKFLOWS
from tests.gate.trials import gated as gated_repository


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve(Hub(workflows=dict(WORKFLOWS))) as served:
        yield served


@pytest.fixture(scope="session")
def spam(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Build the repository once."""
    return gated_repository(tmp_path_factory.mktemp("gated") / "spam")


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
    monkeypatch.setattr(http, "PAUSE", 0.01)
    monkeypatch.setattr(workflow_runs, "POLL", 0.02)


@pytest.fixture
def gate(run: Run, gated: Repo, in_reach: None) -> Gate:  # noqa: ARG001 - it sets the environment
    """Ask about the repository."""
    return Gate(run, gated)
