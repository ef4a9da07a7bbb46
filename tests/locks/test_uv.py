from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.locks.uv_differential import trials


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_agrees_about_every_lock(tmp_path: Path) -> None:
    """A slice of `python -m tests.locks --uv --seed N --count 300`."""
    done = list(trials(1, 40, tmp_path))
    assert [fault for _, fault in done if fault] == []
    assert sum(not taken for taken, _ in done) > 5
    assert sum(taken for taken, _ in done) > 5
