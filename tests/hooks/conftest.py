"""This repository as others use it: a git repository with the files that git tracks here, as they stand in the work tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Repo

HOME = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Give lockstep's own repository with one release, v0.1.0: what a `rev` or a `uses` names."""
    repo = Repo(tmp_path_factory.mktemp("published") / "lockstep")
    repo.root.mkdir()
    for path in ("pyproject.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT", ".pre-commit-hooks.yaml", "action.yml"):
        if (HOME / path).exists():
            shutil.copy(HOME / path, repo.path(path))
    shutil.copytree(HOME / "lockstep", repo.path("lockstep"), ignore=shutil.ignore_patterns("__pycache__"))
    repo.git("init", "-q", "--template=", "--initial-branch=main")
    return repo.commit("release", tag="v0.1.0")


def quiet(*command: str | Path, repo: Repo, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program in a repository; both of its streams are in `stdout`."""
    return subprocess.run(command, cwd=repo.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
