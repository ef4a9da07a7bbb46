"""Ctrl-C, and a report that nobody can take."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Fresh, Repo

DRIVER = """
import os, signal, sys
from lockstep.cli import main
rename = os.replace
def strike(*args, **options):
    os.kill(os.getpid(), signal.SIGINT)
    return rename(*args, **options)
os.replace = strike
sys.argv = ["lockstep", "bump", "minor"]
main()
"""


FILES = {"Cargo.toml": '[package]\nname = "spam"\nversion = "0.1.0"\n', "pyproject.toml": '[project]\nname = "spam"\nversion = "0.1.0"\n'}


def run(repo: Repo, code: str, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=repo.root, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
def test_ctrl_c_in_the_middle_leaves_the_old_tree_and_says_so(fresh: Fresh) -> None:
    repo = fresh(FILES)
    before = {path: path.read_bytes() for path in repo.root.rglob("*.toml")}
    done = run(repo, DRIVER)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == "interrupted; nothing was changed\n"
    assert {path: path.read_bytes() for path in repo.root.rglob("*.toml")} == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_report_that_cannot_be_printed_is_no_traceback(fresh: Fresh) -> None:
    repo = fresh(FILES)
    with open("/dev/full", "w") as full:
        done = run(repo, "import sys; sys.argv = ['lockstep', 'check']; from lockstep.cli import main; main()", stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "error: the report could not be printed: no space left on device"
