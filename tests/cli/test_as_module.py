"""`python -m lockstep` imports nothing from the repository that it looks at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import lockstep
from tests.conftest import Fresh


def test_modules_of_the_repository_are_not_run(fresh: Fresh) -> None:
    trap = "import pathlib\n\npathlib.Path('ran').write_text('')\n"
    manifest = "[project]\nname = 'spam'\nversion = '1.0.0'\n"
    repo = fresh({"pyproject.toml": manifest, **{f"{name}.py": trap for name in ("packaging", "griffe", "libcst", "zlib", "json", "calendar", "ast")}})
    environment = {**os.environ, "PYTHONPATH": str(Path(lockstep.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-m", "lockstep", "check"], cwd=repo.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (repo.root / "ran").exists()


def test_a_log_of_both_streams_has_them_in_their_order(fresh: Fresh) -> None:
    cargo = '[package]\nname = "spam"\nversion = "1.0.0"\n'
    repo = fresh({"Cargo.toml": cargo, "Cargo.lock": 'version = 4\n\n[[package]]\nname = "spam"\nversion = "0.9.0"\n', "src/lib.rs": ""})
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "lockstep", "check"]
    log = subprocess.run(command, cwd=repo.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    assert 0 <= log.find("lock-left-behind") < log.find("1 error")
