"""The steps of a release by the GitHub Action, and the workflow that the repositories of an organisation call."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import lockstep
from lockstep import about
from lockstep.release.candidate import FILE
from tests.conftest import Fresh, Repo
from tests.gate.conftest import hub, in_reach
from tests.gate.standin import Hub
from tests.hooks.conftest import HOME
from tests.hooks.test_action import act
from tests.registries.acting import OF_WHEEL, TOKENS, Acting, acting, repo, uploads
from tests.registries.conftest import World, world
from tests.release_workflow.projects import CI

__all__ = ("acting", "hub", "in_reach", "repo", "world")
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are bash")
CHANGELOG = "# Changelog\n\n## [1.2.3] - 2026-01-31\n\n### Added\n\n- Eggs.\n"
CALLED: dict[str, Any] = YAML(typ="safe", pure=True).load(HOME / ".github/workflows/lockstep.yml")


@pytest.fixture
def tagged(fresh: Fresh, tmp_path: Path) -> Repo:
    """A release at the head of the remote's main."""
    made = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "1.2.3"\n', "src/lib.rs": "", "CHANGELOG.md": CHANGELOG, ".github/workflows/ci.yml": CI})
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(tmp_path / "remote.git")], check=True)
    made.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    made.git("tag", "v1.2.3")
    made.git("push", "-q", "origin", "main", "v1.2.3")
    return made


@pytest.mark.usefixtures("in_reach")
def test_the_gates_in_one_call(tagged: Repo, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", hub.name)
    sha = tagged.git("rev-parse", "HEAD").strip()
    where: dict[str, Any] = {"json": str(tmp_path / "gate.json"), "sarif": str(tmp_path / "gate.sarif")}
    hub.run("ci.yml", sha, "completed/failure")
    ran = act(tagged, tmp_path / "red", command="gate", tag="v1.2.3", token="t", **where)
    assert ran.code == 1
    found = json.loads((tmp_path / "gate.sarif").read_text())
    assert sum(len(one["results"]) for one in found["runs"]) == 1
    hub.run("ci.yml", sha, "completed/success")
    ran = act(tagged, tmp_path / "green", command="gate", tag="v1.2.3", token="t", workflows="ci.yml\n", **where)
    assert (ran.code, ran.outputs["version"], ran.outputs["json"]) == (0, "1.2.3", where["json"]), ran.log
    answers = json.loads((tmp_path / "gate.json").read_text())
    assert [one["command"] for one in answers["answers"]] == ["gate tag", "gate head", "gate ci"]
    tagged.git("tag", "v1.2.3-rc.1")
    ran = act(tagged, tmp_path / "pre", command="gate", tag="v1.2.3-rc.1", token="t")
    assert (ran.code, ran.outputs["ok"]) == (0, "false"), ran.log


def test_a_file_is_published_once_and_told_the_second_time(acting: Acting, world: World, tmp_path: Path) -> None:
    given: dict[str, Any] = {"command": "publish", "candidate": FILE, "files": f"{OF_WHEEL.id}\n", "json": str(tmp_path / "out.json")}
    for outcome in ("done", "found"):
        ran = act(acting.repo, tmp_path / outcome, **given)
        assert (ran.code, ran.outputs["state"]) == (0, "unseen"), ran.log  # GitHub is not asked: nobody says which repository it is
        [answer] = json.loads((tmp_path / "out.json").read_text())["answers"]
        assert answer["acted"]["outcome"] == outcome
        assert not any(token in ran.log for token in TOKENS.values())
    assert uploads(world) == ["POST /legacy/"]
    ran = act(acting.repo, tmp_path / "status", command="status", candidate=FILE)
    assert ran.code == 0
    assert "::warning title=lockstep status" in ran.log
    assert act(acting.repo, tmp_path / "open", command="open", candidate=FILE).code == 1


@pytest.mark.parametrize("value", ["$(touch ran)", '"; touch ran; "', "-x\n--output=ran", "nothing"])
@pytest.mark.parametrize("name", ["command", "tag", "candidate", "files", "workflows", "output", "json"])
def test_no_input_of_a_command_is_a_command(name: str, value: str, tagged: Repo, tmp_path: Path) -> None:
    given: dict[str, Any] = {"command": "publish" if name in ("files", "candidate", "json") else "gate" if name != "output" else "seal", name: value}
    assert act(tagged, tmp_path / "temp", **given).code in (0, 1)
    assert not list(tmp_path.rglob("ran"))


# ---- the workflow that is called


def test_the_called_workflow_installs_this_lockstep() -> None:
    default = CALLED["on"]["workflow_call"]["inputs"]["lockstep"]["default"]
    assert default == f"{about.DISTRIBUTION}[attest]=={lockstep.__version__}"


@pytest.mark.parametrize(("command", "code"), [("check", 0), ("audit", 0), ("gate", 2), ("nonsense", 2)])
def test_the_called_workflow_writes_one_json_and_one_sarif(command: str, code: int, tagged: Repo, tmp_path: Path) -> None:
    [ask] = [step for step in CALLED["jobs"]["lockstep"]["steps"] if step.get("id") == "ask"]
    assert "${{" not in ask["run"]
    (tmp_path / "lockstep/bin").mkdir(parents=True)
    (tmp_path / "lockstep/bin/lockstep").symlink_to(Path(sys.executable).parent / "lockstep")
    given = {"COMMAND": command, "TAG": "v9.9.9", "BASE": "", "STRICT": "false", "UNPROVEN": "pass"}
    env = {**os.environ, **given, "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "outputs")}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", ask["run"]], cwd=tagged.root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    if not code:
        assert json.loads(tagged.read("lockstep.json"))["command"].startswith(command)
        assert json.loads(tagged.read("lockstep.sarif"))["version"] == "2.1.0"
        assert (tmp_path / "outputs").read_text() == "code=0\n"


@pytest.mark.parametrize("program", ["zizmor", "actionlint"])
def test_nobody_finds_anything_in_the_called_workflow(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    options = ["--offline", "--persona=pedantic", "--no-progress"] if program == "zizmor" else []
    done = subprocess.run([program, *options, HOME / ".github/workflows/lockstep.yml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
