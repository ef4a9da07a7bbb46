"""What is written to `$GITHUB_OUTPUT` sets what it names, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.errors import WriteError
from lockstep.writing.github_files import _assignment, append_outputs
from tests.writing.runner import outputs_of

HOSTILE = ("ok=true", "x\nok=true", "x\rok=true", "<<EOF", "a<<b\nok=true\nb", "%0Aok=true", "", " ", "é\u2028ok=true", "::set-output name=ok::true")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_sets_nothing_but_its_own_name(value: str, tmp_path: Path) -> None:
    append_outputs(str(tmp_path / "out"), {"ok": "false", "tag": value})
    assert outputs_of((tmp_path / "out").read_bytes().decode()) == {"ok": "false", "tag": value.replace("\r", "\n")}


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_whatever_the_value_is(value: str) -> None:
    found = outputs_of(_assignment("tag", value) + _assignment("ok", "false"))
    assert (set(found), found["ok"]) == ({"tag", "ok"}, "false")


def test_a_line_that_a_step_before_left_open_is_ended(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before=1")
    append_outputs(str(tmp_path / "out"), {"ok": "true"})
    assert (tmp_path / "out").read_text() == "before=1\nok=true\n"


@pytest.mark.parametrize("path", [".", "none/out", "a\0b"])
def test_a_place_that_cannot_be_written_is_told(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WriteError, match="outputs of this step cannot be written"):
        append_outputs(path, {"ok": "true"})
