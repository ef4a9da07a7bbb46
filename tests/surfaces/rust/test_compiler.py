"""Where lockstep is certain that a Rust type is another one, rustc refuses the one for the other."""

from __future__ import annotations

import shutil

import pytest

from tests.surfaces.rust.compiler import ask


@pytest.mark.skipif(shutil.which("rustc") is None, reason="rustc is not installed")
def test_what_is_certain_is_refused_by_rustc() -> None:
    said = ask(7, 120)
    assert said.false == ()
    assert said.certain > said.pairs > 20
