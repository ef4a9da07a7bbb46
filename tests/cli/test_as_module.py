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
