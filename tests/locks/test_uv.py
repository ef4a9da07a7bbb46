from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lockstep.config import Config
from lockstep.project.project import discover
from lockstep.tree import MemoryTree
from tests.locks.uv_differential import trials


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_agrees_about_every_lock(tmp_path: Path) -> None:
    """A slice of `python -m tests.locks --uv --seed N --count 300`."""
    done = list(trials(1, 30, tmp_path))
    assert [one.fault for one in done if one.fault] == []
    assert sum(not one.taken for one in done) > 3
    assert sum(one.taken for one in done) > 3
    assert sum(one.mended for one in done) > 2


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (">=3.11,<3.12", "==3.11.*"),
        (">=3.11.0, <3.12", "==3.11.*"),
        (">=3.11.1,<3.12", ">=3.11.1, <3.12"),
        (">=3.11,<3.13", ">=3.11, <3.13"),
        ("==3.11.*", "==3.11.*"),
        ("~=3.11.0", "==3.11.*"),
        ("~=3.11.3", ">=3.11.3, <3.12"),
        ("~=3.11", ">=3.11, <4"),
        ("==3.*", ">=3, <4"),
        (">=3,<4", ">=3, <4"),
        (">3.10,<3.13", ">3.10, <3.13"),
        ("==3.11.7", "==3.11.7"),
        (">=3.11,!=3.11.3,<3.12", "==3.11.*, !=3.11.3"),
    ],
)
def test_the_pythons_of_a_lock(asked: str, written: str) -> None:
    """As uv 0.13.9 wrote them."""
    manifest = f'[project]\nname = "spam"\nversion = "0.1.0"\nrequires-python = "{asked}"\n'
    lock = f'version = 1\nrevision = 3\nrequires-python = "{written}"\n\n[[package]]\nname = "spam"\nversion = "0.1.0"\nsource = {{ virtual = "." }}\n'
    project = discover(MemoryTree({"pyproject.toml": manifest, "uv.lock": lock}), Config())
    assert [one.message for one in project.locks[0].stale] == []
    stale = lock.replace(written, ">=3.9")
    mended = discover(MemoryTree({"pyproject.toml": manifest, "uv.lock": stale}), Config()).locks[0].mended
    assert mended == lock or "!=" in asked
