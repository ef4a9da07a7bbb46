"""The workflow that is written for each kind of project: nobody finds anything in it, and each permission in it is needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lockstep.model import Finding
from lockstep.release_workflow import template
from lockstep.release_workflow.pins import PINS, newer, unpinned
from lockstep.rules import judge_workflow
from lockstep.workflow.model import Role
from tests.conftest import Fresh, Repo, Run, part
from tests.release_workflow.projects import PROJECTS
from tests.workflow.mutating import load

RELEASE = ".github/workflows/release.yml"
every_project = pytest.mark.parametrize("name", PROJECTS)
TEMPLATES = Path(template.__file__).parent / "templates"


@pytest.fixture
def made(fresh: Fresh, run: Run, name: str) -> Repo:
    """Give a project with its workflow, which git tracks."""
    repo = fresh(PROJECTS[name])
    run("init", "workflow", repo=repo, code=0)
    return repo.commit("a release workflow")


def judged(repo: Repo, text: str | None = None) -> list[Finding]:
    """Give what the audit finds in the workflow, or in another one in its place."""
    files = {path.relative_to(repo.root).as_posix(): path.read_text() for path in repo.root.rglob("*") if path.is_file() and ".git/" not in f"{path}/"}
    return list(judge_workflow(load({**files, **({RELEASE: text} if text is not None else {})}, RELEASE)))


@every_project
def test_the_audit_finds_nothing(made: Repo, run: Run) -> None:
    found = run("audit", "workflow", RELEASE, repo=made, code=0)
    assert found.out.endswith("hardened profile: no finding\n")


@every_project
@part(3)
def test_what_is_written_is_what_would_be_written(made: Repo, run: Run) -> None:
    run("init", "workflow", "--check", repo=made, code=0)
    run("init", "workflow", "--update", repo=made, code=0)
    run("init", "workflow", repo=made, code=0)
    assert made.git("status", "--porcelain") == ""


@every_project
@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_finds_nothing(made: Repo) -> None:
    done = subprocess.run(["actionlint", RELEASE], cwd=made.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@every_project
@pytest.mark.skipif(shutil.which("zizmor") is None, reason="zizmor is not installed: pip install zizmor")
@part(3)
def test_zizmor_finds_nothing_however_strict(made: Repo) -> None:
    command = ["zizmor", "--persona=pedantic", "--offline", "--no-progress", "--format=json", RELEASE]
    done = subprocess.run(command, cwd=made.root, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == []


@every_project
@part(3)
def test_every_package_is_published_once_in_the_order_of_the_plan(made: Repo, run: Run) -> None:
    plan = json.loads(run("release", "plan", "--format", "json", repo=made, code=0).out)
    audit = load({RELEASE: made.read(RELEASE)}, RELEASE)
    for registry, names in (("crates.io", "crate"), ("npm", "package")):
        wanted = [one["name"] for round_ in plan["rounds"] for one in round_ if one["registry"] == registry]
        jobs = [deed.job for deed in audit.of(Role.PUBLISH) if deed.registry == registry]
        assert len(jobs) == bool(wanted)
        for job in jobs:
            script = next(step.run.text for step in job.steps if step.run is not None and "release publish" in step.run.text)
            listed = re.search(rf"for {names} in (.*); do", script)
            assert listed is not None
            assert sorted(one.rpartition("/")[0] or one for one in listed[1].split()) == sorted(wanted)
            places = {one.rpartition("/")[0] or one: number for number, one in enumerate(listed[1].split())}
            for need in plan["needs"]:
                by, on = need["package"].partition(":")[2], need["on"].partition(":")[2]
                assert by not in places or on not in places or places[on] < places[by]


@every_project
def test_a_permission_that_is_taken_away_from_a_job_that_acts_is_missed(made: Repo) -> None:
    """What reads is held by the tests that run the jobs."""
    text = made.read(RELEASE)
    writes = [*re.finditer(r"^ +[a-z-]+: write[^\n]*\n", text, re.MULTILINE)]
    assert len(writes) >= 5
    for one in writes:
        assert {found.rule for found in judged(made, text[: one.start()] + text[one.end() :])} == {"permission-missing"}, one[0]


@every_project
def test_who_may_write_or_prove_who_it_is_runs_nothing_of_the_project(made: Repo) -> None:
    ours = {"lockstep", "pip", "pypi_attestations", "rustup", "sha256sum", "shopt", "cd", "for", ""}
    audit = load({RELEASE: made.read(RELEASE)}, RELEASE)
    seen = 0
    for job in audit.jobs.values():
        if any(scope.text == "write" for scope in (job.permissions.scopes.values() if job.permissions else ())):
            seen += 1
            assert {one.name for step in job.steps for one in audit.commands(step)} <= ours
            assert {step.action for step in job.steps if step.uses is not None} <= {name.lower() for name in PINS}
    assert seen >= 4


@every_project
def test_more_than_a_job_needs_is_found(made: Repo) -> None:
    text = made.read(RELEASE)
    for scope, rule in (("id-token", "id-token-unneeded"), ("contents", "contents-write-unneeded"), ("attestations", "permission-unneeded")):
        other = text.replace("    permissions:\n      contents: read # checks the tag out\n    outputs", f"    permissions:\n      {scope}: write\n    outputs")
        assert other != text
        assert rule in {found.rule for found in judged(made, other)}


def test_every_action_of_the_templates_is_pinned_and_every_pin_is_used() -> None:
    texts = [path.read_text() for path in TEMPLATES.glob("*.yml")]
    used = {name for text in texts for name in re.findall(r"uses: ([\w./-]+)@", text)}
    assert used == set(PINS)
    assert all(text == unpinned(text) for text in texts)
    assert all(re.fullmatch(r"[0-9a-f]{40}", pin.commit) and re.fullmatch(r"\d+\.\d+\.\d+", pin.version) for pin in PINS.values())


def test_a_newer_pin_of_a_workflow_counts_and_an_older_one_does_not() -> None:
    pin = PINS["actions/checkout"]
    line = "uses: actions/checkout@{} # v{}\n"
    assert newer(line.format("a" * 40, "99.0.0"))["actions/checkout"].commit == "a" * 40
    assert newer(line.format("a" * 40, "1.0.0"))["actions/checkout"] == pin
    assert newer("uses: spam/eggs@main\n") == dict(PINS)


def test_platforms_and_pythons_are_those_that_the_project_builds_for(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["wheels for each Python"])
    run("init", "workflow", repo=repo, code=0)
    text = repo.read(RELEASE)
    assert '"3.11 3.12 3.13 3.14"' in text
    repo.write({RELEASE: re.sub(r"          - platform: musllinux-.*?(?=          - platform|    steps)", "", text, flags=re.DOTALL)}).commit("less")
    run("init", "workflow", "--check", repo=repo, code=0)
    plan = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert "musllinux" not in json.dumps(plan)
    assert sum(one["kind"] == "wheel" for one in plan["owed"]) == 6 * 4


def test_a_kind_that_nobody_knows_is_told(fresh: Fresh, run: Run) -> None:
    repo = fresh({**PROJECTS["pure Python"], "pyproject.toml": PROJECTS["pure Python"]["pyproject.toml"].replace("hatchling.build", "scikit_build_core.build")})
    said = run("init", "workflow", repo=repo, code=0)
    assert "no job builds egg-pure: add one that uploads an artifact built-NAME" in said.err


def test_a_napi_project_owes_a_package_for_each_target_before_its_own(fresh: Fresh, run: Run) -> None:
    repo = fresh(PROJECTS["napi"])
    plan = json.loads(run("release", "plan", "--format", "json", repo=repo, code=0).out)
    assert [[one["name"] for one in round_] for round_ in plan["rounds"]] == [["@spam/egg-darwin-arm64", "@spam/egg-linux-x64-gnu"], ["egg"]]
    run("init", "workflow", repo=repo, code=0)
    text = repo.read(RELEASE)
    assert "for package in @spam/egg-darwin-arm64/spam-egg-darwin-arm64 @spam/egg-linux-x64-gnu/spam-egg-linux-x64-gnu egg/egg; do" in text
    freebsd = repo.read("package.json").replace('"aarch64-apple-darwin"', '"x86_64-unknown-freebsd"')
    repo.write({"package.json": freebsd}).commit("another target")
    assert "no job is written that builds egg for x86_64-unknown-freebsd" in run("init", "workflow", "--update", repo=repo, code=0).err
    tracked = {"npm/linux-x64-gnu/package.json": '{"name": "@spam/egg-linux-x64-gnu", "version": "1.0.0"}'}
    plan = json.loads(run("release", "plan", "--format", "json", repo=repo.write(tracked).commit("a package"), code=0).out)
    assert "@spam/egg-freebsd-x64" not in json.dumps(plan["rounds"]), "what git tracks is what there is"
