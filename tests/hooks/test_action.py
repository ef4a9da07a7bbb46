"""The GitHub Action: its steps run here as a runner runs them, in a real repository; what it says of itself is held against what it does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import Repo, Run, Story, part
from tests.hooks.conftest import HOME

ACTION: dict[str, Any] = YAML(typ="safe", pure=True).load(HOME / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPTS = Path(sys.executable).parent
_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are bash")


@dataclass(frozen=True)
class Ran:
    """What the action's steps printed, wrote and left with; `outputs` are the action's own."""

    log: str
    code: int
    outputs: dict[str, str]
    summary: str
    temp: Path


def act(repo: Repo, temp: Path, *, event_base: str = "", install: Path | None = None, **inputs: str) -> Ran:
    """Run the steps of the action; what installs lockstep is left out unless a folder to install from is given."""
    temp.mkdir(exist_ok=True)
    files = {name: temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")}
    context = {"github.event.pull_request.base.sha": event_base, "steps.python.outputs.python-path": sys.executable}
    for name, spec in ACTION["inputs"].items():
        context[f"inputs.{name}"] = inputs.pop(name.replace("-", "_"), filled(spec.get("default", ""), context))
    assert not inputs
    if install is None:
        bin_ = temp / "lockstep-venv/bin"
        bin_.mkdir(parents=True, exist_ok=True)
        for name in ("python", "lockstep"):
            (bin_ / name).unlink(missing_ok=True)
            (bin_ / name).symlink_to(SCRIPTS / name)
    log, code = "", 0
    for step in (step for step in STEPS if "run" in step):
        if install is None and "pip install" in step["run"]:
            continue
        for file in files.values():
            file.touch()
        env = {**os.environ, **{name: str(path) for name, path in files.items()}, "RUNNER_TEMP": str(temp), "GITHUB_ACTIONS": "true"}
        env |= {"GITHUB_ACTION_PATH": str(install or HOME), "GITHUB_WORKSPACE": str(repo.root)}
        env |= {name: filled(value, context) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=repo.root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        log, code = log + done.stdout, done.returncode
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            context[f"steps.{step.get('id')}.outputs.{name}"] = value
        files["GITHUB_OUTPUT"].write_text("")
        if code:
            break
    outputs = {name: filled(spec["value"], context) for name, spec in ACTION["outputs"].items()}
    return Ran(log, code, outputs, files["GITHUB_STEP_SUMMARY"].read_text(), temp)


def filled(value: str, context: dict[str, str]) -> str:
    """Put in place of an expression what it names; what is not there is empty, as in Actions."""
    return _EXPRESSION.sub(lambda found: context.get(found[1], ""), value)


# ---- what it says of itself


def test_no_script_holds_an_expression_and_every_action_is_pinned() -> None:
    for step in STEPS:
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]
            assert all(_EXPRESSION.fullmatch(value) for value in step["env"].values())
        else:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])


def test_every_input_is_used_and_documented_and_every_output_is_set() -> None:
    text = (HOME / "action.yml").read_text()
    manual = (HOME / "docs/ci.md").read_text()
    for name, spec in ACTION["inputs"].items():
        assert spec["description"], name
        assert f"${{{{ inputs.{name} }}}}" in text
        assert f"`{name}`" in manual
    for name, spec in ACTION["outputs"].items():
        assert spec["description"], name
        assert f"steps.lockstep.outputs.{name}" in spec["value"]
        assert f"`{name}`" in manual


def test_nothing_of_the_workspace_is_where_python_and_pip_look() -> None:
    (install,) = [step["run"] for step in STEPS if "pip install" in step.get("run", "")]
    assert install.startswith('cd "$RUNNER_TEMP"\n')
    for step in STEPS:
        for line in step.get("run", "").splitlines():
            assert "python" not in line or not re.search(r'(?:/python"|\$PYTHON")', line) or re.search(r'(?:/python"|\$PYTHON") -I ', line), line


def test_zizmor_finds_nothing() -> None:
    program = shutil.which("zizmor", path=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("zizmor is not installed")
    done = subprocess.run([program, "--offline", "--persona=pedantic", HOME / "action.yml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_are_bash_as_old_as_that_of_macos() -> None:
    for step in STEPS:
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
            assert not re.search(r"\$\{\w+(?:,,|\^\^|@[A-Z])|\bmapfile\b|\breadarray\b|declare -A|\|&", step["run"])


# ---- what it does


def test_a_repository_that_is_in_step(story: Story, tmp_path: Path) -> None:
    ran = act(story("promises", "v0.5.0"), tmp_path / "temp")
    assert ran.code == 0, ran.log
    assert (ran.outputs["verdict"], ran.outputs["step"], ran.outputs["sarif"]) == ("ok", "minor", "")
    assert Path(ran.outputs["comment"]).read_text() in ran.summary
    assert "Compatibility of" in ran.summary


def test_a_step_that_is_too_small_fails_with_its_reasons_beside_the_lines(story: Story, tmp_path: Path) -> None:
    repo = story("promises")
    ran = act(repo, tmp_path / "temp", sarif=str(tmp_path / "out.sarif"))
    assert ran.code == 1
    assert ran.outputs["verdict"] == "too-small"
    assert "::error file=" in ran.log
    assert ran.outputs["sarif"] == str(tmp_path / "out.sarif")
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"


def test_drift_fails_and_everything_is_still_told(story: Story, tmp_path: Path) -> None:
    repo = story("promises", "v0.5.0")
    repo.replace("pyproject.toml", 'version = "0.5.0"', 'version = "0.4.9"')
    ran = act(repo, tmp_path / "temp", audit="true")
    assert ran.code == 1
    assert "title=version-mismatch" in ran.log
    assert ran.summary


def test_a_pull_request_is_judged_by_the_configuration_of_its_base(story: Story, tmp_path: Path) -> None:
    repo = story("twins")
    base = repo.git("rev-parse", "HEAD").strip()
    repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"').write({"lockstep.toml": 'exclude = ["python"]\n'}).commit("pull request")
    assert act(repo, tmp_path / "own", diff="false").code == 0
    ran = act(repo, tmp_path / "base", diff="false", event_base=base)
    assert ran.code == 1
    assert "policy-changed" in ran.log


def test_what_is_not_asked_for_does_not_run(story: Story, tmp_path: Path) -> None:
    repo = story("twins")
    repo.replace("python/spam/__init__.py", '"0.2.0"', '"0.1.9"')
    ran = act(repo, tmp_path / "temp", check="false", diff="false")
    assert (ran.code, ran.log, ran.summary, ran.outputs["verdict"]) == (0, "", "", "")


@pytest.mark.parametrize("wanted", ["pr", "merge_tag"])
def test_the_release_pull_request_is_asked_for_alone(wanted: str, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token, or without GitHub, it fails, whatever `unproven` says."""
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    repo = story("promises")
    repo.git("remote", "add", "origin", str(repo.root))
    monkeypatch.setenv("GITHUB_REPOSITORY", "spam/eggs")
    asked = {"pr": "true" if wanted == "pr" else "false", "merge_tag": "true" if wanted == "merge_tag" else "false"}
    ran = act(repo, tmp_path / "temp", check="false", diff="false", pr=asked["pr"], merge_tag=asked["merge_tag"])
    assert ran.code == 1
    assert ("there is no token for GitHub" in ran.log) is (wanted == "pr")
    assert ran.outputs["verdict"] == ""


@pytest.mark.parametrize(("unproven", "code"), [("pass", 0), ("fail", 1)])
def test_what_could_not_be_seen_is_told_and_fails_where_it_is_wanted(unproven: str, code: int, story: Story, tmp_path: Path, run: Run) -> None:
    repo = story("promises", "v0.5.0")
    repo.write({"python/spam/__init__.py": repo.read("python/spam/__init__.py") + "\nexec(open('x').read())\n"})
    run("bump", "patch", "--force", repo=repo, code=0)
    if run("diff", repo=repo).code != 3:
        pytest.fail("the story hides nothing")
    ran = act(repo, tmp_path / "temp", unproven=unproven)
    assert ran.code == code, ran.log
    assert ran.outputs["verdict"] == "unproven"
    assert "::warning title=lockstep diff" in ran.log


@pytest.mark.parametrize("value", ["$(touch ran)`touch ran`", '"; touch ran; "', "--output=ran\nverdict=evil"])
@pytest.mark.parametrize("name", ["base", "compare_with", "strict", "unproven", "sarif", "repository"])
@part(3)
def test_an_input_is_never_a_command(name: str, value: str, story: Story, tmp_path: Path) -> None:
    repo = story("promises", "v0.5.0")
    given: dict[str, Any] = {name: value, "diff": "true" if name in ("compare_with", "sarif") else "false"}
    ran = act(repo, tmp_path / "temp", **given)
    assert not list(tmp_path.rglob("ran"))
    assert ran.code in (0, 1)
    assert set(ran.outputs["verdict"]) <= set("ok-unprovetsmal")


@pytest.mark.skipif("LOCKSTEP_FULL" not in os.environ, reason="builds an environment from PyPI: LOCKSTEP_FULL=1 pytest tests/hooks")
def test_it_installs_itself_and_nothing_of_the_workspace(published: Repo, story: Story, tmp_path: Path) -> None:
    repo = story("promises", "v0.5.0")
    canary = f"open({str(tmp_path / 'fired')!r}, 'w')\n"
    repo.write({"pip.py": canary, "venv.py": canary, "sitecustomize.py": canary, "json.py": canary, "lockstep.py": canary})
    ran = act(repo, tmp_path / "temp", install=published.root)
    assert ran.code == 0, ran.log
    assert ran.outputs["verdict"] == "ok"
    assert not (tmp_path / "fired").exists()
