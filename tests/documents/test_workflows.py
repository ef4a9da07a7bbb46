"""The workflow that the guide shows: no finding of lockstep's own audit, of zizmor, or of actionlint, and no permission too many."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import Fresh, Repo, Run
from tests.documents.blocks import ROOT

PAGE = ROOT / "docs/pull-request.md"
FILE = ".github/workflows/pull-request.yml"


@pytest.fixture
def shown(fresh: Fresh) -> Repo:
    [block] = re.findall(r"^```yaml\n(name: .*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    workflow = block.replace("lockstep.invalid/lockstep@<full commit id>", f"spam/lockstep@{'1' * 40}").replace("OWNER/NAME", "spam/eggs")
    return fresh({FILE: workflow, "Cargo.toml": '[package]\nname = "egg"\nversion = "1.0.0"\n'})


def test_lockstep_finds_nothing_in_it_but_that_it_publishes_nothing(shown: Repo, run: Run) -> None:
    found = run("audit", "workflow", FILE, "--no-zizmor", "--format", "json", repo=shown)
    assert [one["rule"] for one in json.loads(found.out)["findings"]] == ["workflow-unclassified"]
    assert "no workflow of this repository releases anything" in run("audit", "workflow", repo=shown, code=0).out


def test_zizmor_finds_nothing_in_it(shown: Repo) -> None:
    program = shutil.which("zizmor")
    if program is None:
        pytest.skip("zizmor is not installed")
    done = subprocess.run([program, "--offline", "--persona=auditor", ".github"], cwd=shown.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing_in_it(shown: Repo) -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("actionlint is not installed")
    done = subprocess.run([program, FILE], cwd=shown.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_jobs_may_do_what_they_do_and_no_more(shown: Repo) -> None:
    workflow: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(shown.path(FILE)).read_text())
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "tag": {"contents": "write", "pull-requests": "read"},
        "pull-request": {"contents": "write", "pull-requests": "write"},
    }
