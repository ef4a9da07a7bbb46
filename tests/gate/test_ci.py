"""`lockstep gate ci` against the stand-in of GitHub: every state of a run, which workflows are gated, waiting, and what a script gets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from lockstep.cli import straight
from lockstep.cli.gate_ci import command
from lockstep.evidence import workflow_runs
from lockstep.workflow.commit_runs import CONCLUSIONS, UNFINISHED
from tests.conftest import Fresh, Run, all_drawn
from tests.gate.conftest import Gate
from tests.gate.matrix import ELSEWHERE, SAYS, Case, cases
from tests.gate.standin import Hub, status
from tests.gate.trials import CI
from tests.test_schemas import shipped

GOOD = "completed/success"


pytestmark = pytest.mark.usefixtures("in_reach")


@pytest.mark.parametrize("case", [*cases()], ids=lambda case: case.name)
def test_every_state_has_its_rule_and_its_advice(case: Case, hub: Hub, gate: Gate, sha: str) -> None:
    case.build(hub, sha)
    result = gate("--format", "json", code=case.code)
    document = json.loads(result.out)
    assert tuple(found["rule"] for found in document["findings"]) == case.rules
    assert document["outcome"] == {0: "pass", 1: "refused", 3: "unseen"}[case.code]
    assert all(found["help"] for found in document["findings"])
    shown = gate(code=case.code)
    assert case.says in shown.out + shown.err


def test_no_two_states_have_the_same_message() -> None:
    assert len(set(SAYS.values())) == len(SAYS) == len((*UNFINISHED, *CONCLUSIONS)) - 1


def test_an_old_server_that_ignores_filters_changes_nothing(hub: Hub, gate: Gate, sha: str) -> None:
    hub.filters = False
    hub.run("ci.yml", ELSEWHERE, GOOD)
    hub.run("ci.yml", sha, GOOD, event="pull_request")
    assert "run-missing" in gate(code=1).out
    hub.run("ci.yml", sha, GOOD)
    gate(code=0)


# ---- which workflows


def workflow(push: str) -> str:
    return f"on:\n{push}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n"


CHOICES = {
    "every.yml": ("  push:\n", True),
    "branch.yml": ("  push:\n    branches: [main]\n", True),
    "wild.yml": ("  push:\n    branches: ['**', '!wip']\n", True),
    "tags-too.yml": ("  push:\n    branches: [main]\n    tags: ['v*']\n", True),
    "ignored.yml": ("  push:\n    branches-ignore: [main]\n", False),
    "not.yml": ("  push:\n    branches: ['**', '!main']\n", False),
    "other.yml": ("  push:\n    branches: [develop]\n", False),
    "tag.yml": ("  push:\n    tags: ['v*']\n", False),
    "pr.yml": ("  pull_request:\n", False),
    "nightly.yml": ("  schedule:\n    - cron: '0 0 * * *'\n", False),
    "by-hand.yml": ("  workflow_dispatch:\n", False),
    "called.yml": ("  workflow_call:\n", False),
}


def test_without_configuration_what_runs_for_every_push_is_gated(fresh: Fresh, run: Run, hub: Hub) -> None:
    repo = fresh({f".github/workflows/{name}": workflow(push) for name, (push, _) in CHOICES.items()})
    hub.workflows = dict.fromkeys(CHOICES, "active")
    document = json.loads(run("gate", "ci", "--repository", hub.name, "--format", "json", repo=repo, code=1).out)
    assert {one["workflow"] for one in document["workflows"]} == {name for name, (_, gated) in CHOICES.items() if gated}
    assert {one["state"] for one in document["workflows"]} == {"missing"}


@pytest.mark.parametrize(("state", "code"), [("", 0), (GOOD, 0), ("completed/failure", 1), ("queued", 1)])
def test_a_workflow_for_some_paths_need_not_run_but_must_not_fail(state: str, code: int, hub: Hub, gate: Gate) -> None:
    gate.repo.write({".github/workflows/docs.yml": workflow("  push:\n    branches: [main]\n    paths: [docs/**]\n")}).commit()
    sha = gate.repo.git("rev-parse", "HEAD").strip()
    hub.workflows["docs.yml"] = "active"
    hub.run("ci.yml", sha, GOOD)
    if state:
        hub.run("docs.yml", sha, state)
    result = gate(code=code)
    assert ("docs.yml" in result.out) is (state != "")


def test_the_configuration_names_workflows_by_file_path_or_name(hub: Hub, gate: Gate) -> None:
    hub.workflows |= {"docs.yml": "active", "lint.yml": "active"}
    gate.repo.write({f".github/workflows/{name}.yml": workflow("  push:\n").replace("on:", f"name: The {name}\non:", 1) for name in ("docs", "lint")})
    gate.repo.write({"lockstep.toml": '[gate]\nworkflows = ["ci.yml", ".github/workflows/docs.yml", "The lint"]\n'}).commit()
    sha = gate.repo.git("rev-parse", "HEAD").strip()
    for name in ("ci.yml", "docs.yml", "lint.yml"):
        hub.run(name, sha, GOOD)
    assert gate(code=0).out == f"{sha[:12]} is green on main: ci.yml, docs.yml, lint.yml\n"
    assert gate("-w", "lint.yml", code=0).out == f"{sha[:12]} is green on main: lint.yml\n"


def test_a_name_without_a_file_is_refused_and_never_asked_for(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, GOOD)
    result = gate("--workflow", "cy.yml", "--workflow", "ci.yml", code=1)
    assert "gated-workflow-unknown: the commit has no workflow cy.yml" in result.out
    assert "did you mean ci.yml?" in result.out
    assert not any("cy.yml" in path for path in hub.paths)


def test_a_workflow_that_nobody_can_read_is_not_visible(hub: Hub, gate: Gate) -> None:
    gate.repo.write({".github/workflows/odd.yml": "on: push\non: push\n"}).commit()
    hub.run("ci.yml", gate.repo.git("rev-parse", "HEAD").strip(), GOOD)
    assert "whether odd.yml runs for every push" in gate(code=3).out
    gate("--workflow", "ci.yml", code=0)


def test_no_workflow_at_all_lets_nothing_pass(fresh: Fresh, run: Run, hub: Hub) -> None:
    repo = fresh({"README.md": "x"})
    assert "nothing-gated" in run("gate", "ci", "--repository", hub.name, repo=repo, code=1).out


def test_the_workflows_of_the_commit_count_not_those_of_today(hub: Hub, gate: Gate, sha: str) -> None:
    gate.repo.git("tag", "v1.0.0")
    gate.repo.git("rm", "-q", ".github/workflows/ci.yml")
    gate.repo.commit("no tests")
    hub.run("ci.yml", sha, "completed/failure")
    assert "run-failed" in gate("v1.0.0", code=1).out
    assert "nothing-gated" in gate(code=1).out


def test_nobody_waits_for_oneself(hub: Hub, gate: Gate, sha: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = hub.run("ci.yml", sha, "in_progress")
    monkeypatch.setenv("GITHUB_RUN_ID", str(own.id))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    monkeypatch.setenv("GITHUB_WORKFLOW_REF", "spam/eggs/.github/workflows/ci.yml@refs/heads/main")
    assert "nothing-gated" in gate("--wait", code=1).out
    # for a tag, the same workflow ran before for the branch
    monkeypatch.setenv("GITHUB_REF", "refs/tags/v1.0.0")
    monkeypatch.setenv("GITHUB_WORKFLOW_REF", "spam/eggs/.github/workflows/ci.yml@refs/tags/v1.0.0")
    own.branch = "v1.0.0"
    assert "run-missing" in gate(code=1).out
    hub.run("ci.yml", sha, GOOD)
    gate(code=0)


# ---- which commit, which branch, which repository


def test_the_commit_is_that_of_the_argument_then_of_actions_then_head(gate: Gate, sha: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gate.repo.git("tag", "-a", "-m", "x", "v1.0.0")
    gate.repo.write({"a": "b"}).commit()
    head = gate.repo.git("rev-parse", "HEAD").strip()
    asked = [json.loads(gate("--format", "json").out)["commit"]]
    monkeypatch.setenv("GITHUB_SHA", gate.repo.git("rev-parse", "v1.0.0").strip())  # the tag object
    asked += [json.loads(gate(*args, "--format", "json").out)["commit"] for args in ((), ("HEAD",), ("v1.0.0",))]
    assert asked == [head, sha, head, sha]
    assert "no commit is named 'v2'" in gate("v2", code=2).err


def test_no_clone_is_needed_where_everything_is_named(tmp_path: Path, run: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", hub.name)
    monkeypatch.setenv("GITHUB_SHA", ELSEWHERE)
    (tmp_path / "empty").mkdir()
    assert "or name the workflows" in run("gate", "ci", repo=tmp_path / "empty", code=2).err
    assert "run-missing" in run("gate", "ci", "-w", "ci.yml", repo=tmp_path / "empty", code=1).out
    hub.run("ci.yml", ELSEWHERE, GOOD)
    run("gate", "ci", "-w", "ci.yml", repo=tmp_path / "empty", code=0)
    assert "no name of a workflow file" in run("gate", "ci", "-w", "a/../..?x", repo=tmp_path / "empty", code=2).err


def test_a_branch_that_is_named_is_not_asked_for(hub: Hub, gate: Gate, sha: str) -> None:
    gate.repo.replace(".github/workflows/ci.yml", "branches: [main]", "branches: [main, release/*]").commit()
    sha = gate.repo.git("rev-parse", "HEAD").strip()
    hub.run("ci.yml", sha, GOOD, branch="release/1")
    assert gate("--branch", "release/1", code=0).out == f"{sha[:12]} is green on release/1: ci.yml\n"
    gate.repo.write({"lockstep.toml": '[gate]\nbranch = "release/1"\n'})
    assert "/repos/spam/eggs" not in hub.paths
    assert "run-missing" in gate(code=1).out


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:spam/eggs.git",
        "github.com:spam/eggs",
        "https://github.com/spam/eggs",
        "https://github.com/spam/eggs.git/",
        "https://x-access-token:hidden@github.com/spam/eggs",
        "ssh://git@github.com/spam/eggs.git",
        "ssh://git@ssh.github.com:443/spam/eggs.git",
        "git://github.com/spam/eggs",
        "HTTPS://GitHub.com/spam/eggs",
    ],
)
def test_the_repository_is_read_from_the_remote(url: str, hub: Hub, gate: Gate, sha: str) -> None:
    gate.repo.git("remote", "set-url", "origin", url)
    hub.run("ci.yml", sha, GOOD)
    gate(code=0)


@pytest.mark.parametrize(
    "url",
    [
        "https://oauth2:hidden@gitlab.com/spam/eggs",
        "https://github.com.example.org/spam/eggs",
        "git@evil.example:spam/eggs",
        "/srv/git/eggs.git",
        "file:///srv/git/eggs.git",
        "https://github.com/spam",
        "https://github.com/spam/eggs/more",
        "https://github.com/spam/..",
        "https://github.com/spam/eg%0ags",
        "ext::sh -c touch% ran",
        "https://[::1/x",
        "",
    ],
)
def test_another_remote_is_refused_and_never_printed(url: str, hub: Hub, gate: Gate) -> None:
    gate.repo.git("config", "remote.origin.url", url)
    result = gate(code=2)
    assert "--repository OWNER/NAME" in result.err
    assert "hidden" not in result.err
    assert hub.asked == []
    assert not gate.repo.path("ran").exists()


def test_no_remote(hub: Hub, gate: Gate, sha: str) -> None:
    gate.repo.git("remote", "remove", "origin")
    assert "there is no remote origin" in gate(code=2).err
    assert "--repository names no repository" in gate("--repository", "https://github.com/spam/eggs", code=2).err
    hub.run("ci.yml", sha, GOOD)
    gate("--repository", "spam/eggs", code=0)


# ---- waiting


def test_waiting_ends_with_success(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "requested", "queued", "pending", "waiting", "in_progress", GOOD)
    assert gate("--wait", code=0).out == f"{sha[:12]} is green on main: ci.yml\n"


def test_waiting_ends_with_failure_at_once_although_another_goes_on(hub: Hub, gate: Gate) -> None:
    gate.repo.write({".github/workflows/slow.yml": CI}).commit()
    sha = gate.repo.git("rev-parse", "HEAD").strip()
    hub.run("slow.yml", sha, "in_progress")
    hub.run("ci.yml", sha, "queued", "completed/failure")
    result = gate("--wait", code=1)
    assert "run-failed" in result.out
    assert "run-unfinished: slow.yml #1" in result.out


def test_a_run_that_is_not_there_yet_is_waited_for(hub: Hub, gate: Gate, sha: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow_runs, "POLL", 0.3)
    started = []

    def appear() -> None:
        started.append(hub.run("ci.yml", sha, "queued", GOOD))

    original = workflow_runs._ask  # noqa: SLF001

    async def ask(*args: object) -> object:
        asyncio.get_running_loop().call_later(0.1, appear)
        return await original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(workflow_runs, "_ask", ask)
    gate("--wait", "20", code=0)
    assert started


def test_waiting_has_an_end(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "in_progress")
    assert "run-unfinished" in gate("--wait", "2", code=1).out
    assert len(hub.asked) > 3


@pytest.mark.parametrize("state", ["disabled_manually", "deleted"])
def test_nobody_waits_for_what_cannot_start(state: str, hub: Hub, gate: Gate) -> None:
    hub.workflows["ci.yml"] = state
    gate("--wait", code=1)
    assert len(hub.asked) < 6


def test_nobody_waits_for_what_is_not_visible(hub: Hub, gate: Gate) -> None:
    hub.private = True
    gate("--wait", code=3)
    assert len(hub.asked) == 1


def test_waiting_outlasts_a_server_in_trouble(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "queued", GOOD)
    hub.fault("/runs", status(502), 9)
    gate("--wait", code=0)


def test_what_succeeded_is_not_asked_for_again(hub: Hub, gate: Gate) -> None:
    gate.repo.write({".github/workflows/slow.yml": CI}).commit()
    sha = gate.repo.git("rev-parse", "HEAD").strip()
    hub.run("ci.yml", sha, GOOD)
    hub.run("slow.yml", sha, *["queued"] * 5, GOOD)
    gate("--wait", code=0)
    assert sum("/ci.yml/runs" in path for path in hub.paths) == 1
    assert hub.paths.count("/repos/spam/eggs") == 1


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        (["--wait"], ["--wait=1800"]),
        (["--wait", "60"], ["--wait", "60"]),
        (["--wait", "0.5", "v1"], ["--wait", "0.5", "v1"]),
        (["--wait=60"], ["--wait=60"]),
        (["--wait", "v1.2.3"], ["--wait=1800", "v1.2.3"]),
        (["--wait", "-q"], ["--wait=1800", "-q"]),
        (["v1", "--", "--wait"], ["v1", "--", "--wait"]),
        (["--branch", "main"], ["--branch", "main"]),
    ],
)
def test_an_option_may_stand_without_its_number(words: list[str], filled: list[str]) -> None:
    assert straight.filled(command, words) == filled


def test_a_wait_that_is_no_number_is_a_mistake(gate: Gate) -> None:
    assert "float" in gate("--wait=soon", code=2).err


# ---- what is printed


def test_the_document(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "queued")
    document = json.loads(gate("--format", "json", code=1).out)
    jsonschema.validate(document, shipped("gate"), jsonschema.Draft7Validator)
    assert set(document) <= set(shipped("gate")["properties"])
    assert document["workflows"] == [
        {
            "workflow": "ci.yml",
            "path": ".github/workflows/ci.yml",
            "due": True,
            "state": "queued",
            "run": {"id": 1000, "number": 1, "attempt": 1, "status": "queued", "conclusion": None, "url": "https://github.com/spam/eggs/actions/runs/1000"},
            "runs": 1,
        }
    ]


def test_the_formats(hub: Hub, gate: Gate, sha: str) -> None:
    run = hub.run("ci.yml", sha, "completed/cancelled")
    said = gate("--format", "github", code=1).out
    assert "\n::error file=.github/workflows/ci.yml,line=3,col=3,title=run-cancelled::ci.yml #1 was cancelled" in said
    assert "run-cancelled" in gate("--format", "markdown", code=1).out
    assert json.loads(gate("--format", "sarif", code=1).out)["runs"][0]["results"][0]["ruleId"] == "run-cancelled"
    run.newest.states = [GOOD]
    for chosen in ("text", "markdown"):
        assert "is green on main" in gate("--format", chosen, code=0).out
    assert gate("--format", "github", code=0).out == ""
    assert gate("-q", code=0).out == ""


def test_the_outputs_of_the_step(hub: Hub, gate: Gate, sha: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    run = hub.run("ci.yml", sha, "queued")
    gate(code=1)
    run.newest.states = [GOOD]
    gate(code=0)
    hub.private = True
    gate(code=3)
    said = [f"ok={ok}\noutcome={outcome}\ncommit={sha}\n" for ok, outcome in (("false", "refused"), ("true", "pass"), ("false", "unseen"))]
    assert (tmp_path / "out").read_text() == "".join(said)


def test_what_a_server_says_steers_no_terminal_and_no_workflow(hub: Hub, gate: Gate) -> None:
    hub.fault("/repos", status(403, "\x1b[2J\n::set-output name=ok::true\u202e"))
    for chosen in ("text", "github", "markdown"):
        hub.faults *= 2
        out = gate("--format", chosen, code=3).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert not any(line.startswith("::set-output") for line in out.splitlines())


# ---- as a program of its own


MAIN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from lockstep.cli import main; main()"
"""The console script; a shell's background job ignores SIGINT, and so would its children."""


def start(gate: Gate, *args: str, stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", MAIN, "gate", "ci", *args], cwd=gate.repo.root, stdout=subprocess.PIPE, stderr=stderr)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals")
def test_a_terminal_shows_what_is_waited_for_and_is_left_clean(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "in_progress")
    leader, follower = os.openpty()
    process = start(gate, "--wait", "3", stderr=follower)
    os.close(follower)
    shown = all_drawn(leader)
    out, _ = process.communicate(timeout=300)
    assert (process.returncode, b"run-unfinished" in out) == (1, True)
    assert b"\r\x1b[2Kwaiting for ci.yml (in progress): 0:0" in shown
    assert shown.endswith(b"\r\x1b[2K1 error\r\n")


@pytest.mark.parametrize("args", [(), ("--quiet",), ("--format", "json")])
def test_without_a_terminal_nothing_is_shown_while_waiting(args: tuple[str, ...], hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "in_progress")
    assert "waiting" not in gate("--wait", "0.1", *args, code=1).err


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_the_waiting(hub: Hub, gate: Gate, sha: str) -> None:
    hub.run("ci.yml", sha, "in_progress")
    process = start(gate, "--wait", stderr=subprocess.PIPE)
    while not hub.asked:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")
