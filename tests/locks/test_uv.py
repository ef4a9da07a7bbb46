from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.locks.uv_differential import trials


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_agrees_about_every_lock(tmp_path: Path) -> None:
    """A slice of `python -m tests.locks --uv --seed N --count 300`."""
    done = list(trials(1, 30, tmp_path))
    assert [one.fault for one in done if one.fault] == []
    assert sum(not one.taken for one in done) > 3
    assert sum(one.taken for one in done) > 3
    assert sum(one.mended for one in done) > 2
