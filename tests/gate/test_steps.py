"""The steps of our own release that guard it, as the runner runs them: their scripts in bash, with real git and the stand-in of GitHub."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lockstep
from lockstep.tree import MemoryTree
from lockstep.workflow.model import Job, Step
from lockstep.workflow.reading import workflow
from tests.conftest import Fresh, Repo
from tests.gate.standin import Hub
from tests.writing.runner import outputs_of

OWN = Path(lockstep.__file__).parent.parent / ".github/workflows/release.yml"
pytestmark = [
    pytest.mark.skipif(not OWN.exists(), reason="not a checkout: the workflow is not part of the package"),
    pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash"),
    pytest.mark.usefixtures("in_reach"),
]
CHANGELOG = "# Changelog\n\n## [1.2.3] - 2026-01-31\n\n### Added\n\n- Eggs, which the notes of the release tell of.\n"
CI = "on: { push: { branches: [main] } }\njobs: { test: { runs-on: ubuntu-latest, steps: [{ run: pytest }] } }\n"


def job(name: str) -> Job:
    return workflow(str(OWN), OWN.read_text(), MemoryTree({}).read).jobs[name]


def scripts(one: Job) -> list[Step]:
    """Give the steps that run lockstep; what installs it is not run here: it is installed."""
    return [step for step in one.steps if step.run is not None and "pip install" not in step.run.text]


@pytest.fixture
def repo(fresh: Fresh, tmp_path: Path) -> Repo:
    """A release that is as it should be, at the head of the remote's main."""
    made = fresh(
        {
            "Cargo.toml": '[package]\nname = "spam"\nversion = "1.2.3"\n',
            "src/lib.rs": "",
            "CHANGELOG.md": CHANGELOG,
            **{f".github/workflows/{name}.yml": CI for name in ("ci", "systems")},
        }
    )
    made.git("branch", "-m", "main")
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(tmp_path / "remote.git")], check=True)
    made.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    made.git("tag", "v1.2.3")
    made.git("push", "-q", "origin", "main", "v1.2.3")
    return made


def run(step: Step, repo: Repo, tmp_path: Path, tag: str, without: str = "") -> tuple[int, dict[str, str]]:
    """Run a step as the runner does, and give its exit code and outputs. Source: the runner's own default, `bash -e {0}`."""
    assert step.run is not None
    assert "${{" not in step.run.text, "what stands in the script is decided before it runs"
    values = {"github.ref_name": tag, "github.token": "secret", "github.repository": "spam/eggs"}
    given = {name: re.sub(r"\$\{\{ *([a-z_.]+) *\}\}", lambda one: values[one[1]], scalar.text) for name, scalar in step.env.items()}
    script, outputs = tmp_path / "script.sh", tmp_path / "outputs"
    script.write_text(step.run.text.replace(without, "") if without else step.run.text)
    outputs.write_text("")
    environment = {
        **os.environ,
        **given,
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_REPOSITORY": "spam/eggs",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(["bash", "-e", str(script)], cwd=repo.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return done.returncode, outputs_of(outputs.read_text())


def test_the_guard_lets_a_release_pass_and_nothing_else(repo: Repo, tmp_path: Path) -> None:
    check, step = scripts(job("guard"))
    assert run(check, repo, tmp_path, "v1.2.3")[0] == 0
    code, outputs = run(step, repo, tmp_path, "v1.2.3")
    assert (code, outputs["ok"], outputs["version"]) == (0, "true", "1.2.3")
    repo.git("tag", "v1.2.3-rc.1")
    repo.git("tag", "v1.2.4")
    for tag, left in (("v1.2.3-rc.1", (0,)), ("v1.2.4", (1,)), ("v9.9.9", (2,)), ("$(touch ran)", (2,)), ("v1.2.3\nok=true", (2,))):
        code, outputs = run(step, repo, tmp_path, tag)
        assert code in left, tag
        assert outputs.get("ok", "false") == "false", tag
    assert not repo.path("ran").exists()


def test_the_condition_of_every_later_job_is_what_the_guard_says() -> None:
    jobs = workflow(str(OWN), OWN.read_text(), MemoryTree({}).read).jobs
    assert jobs["guard"].results["ok"].text == "${{ steps.tag.outputs.ok }}"
    for name, one in jobs.items():
        assert name == "guard" or [scalar.text for scalar in one.conditions] == ["needs.guard.outputs.ok == 'true'"], name


def test_the_gates_ask_for_the_head_and_for_a_green_commit(repo: Repo, tmp_path: Path, hub: Hub) -> None:
    head, ci = scripts(job("gates"))
    sha = repo.git("rev-parse", "HEAD").strip()

    def passes() -> bool:
        return run(head, repo, tmp_path, "v1.2.3")[0] == 0 and run(ci, repo, tmp_path, "v1.2.3", without=" --wait")[0] == 0

    assert not passes(), "no run of ci.yml"
    hub.run("ci.yml", sha, "completed/failure")
    assert not passes(), "a run that failed"
    hub.run("ci.yml", sha, "completed/success")
    assert not passes(), "no run of systems.yml"
    hub.run("systems.yml", sha, "completed/success")
    assert passes()
    repo.commit("later").git("push", "-q", "origin", "main")
    assert not passes(), "an older head, although it is green"
