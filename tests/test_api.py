"""The public API by itself: nothing here imports another module of lockstep."""

from __future__ import annotations

import doctest
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from lockstep import api
from tests.conftest import Fresh, Story

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
EXAMPLES = [found for found in doctest.DocTestFinder(exclude_empty=True).find(api, "api") if found.examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_each_example_is_true(example: doctest.DocTest, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(story("promises").root)
    said: list[str] = []
    doctest.DocTestRunner().run(example, out=said.append)
    assert said == []


def test_every_function_has_an_example_and_every_name_is_exported() -> None:
    functions = {name for name in api.__all__ if name[0].islower()}
    assert {one.name.removeprefix("api.") for one in EXAMPLES} == functions
    public = {name for name in vars(api) if not name.startswith("_") and name not in ("annotations", "Path", "SILENT")}
    assert set(api.__all__) == public


def test_the_script_of_the_page_does_what_the_page_says(
    story: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = PAGE.read_text()
    script, printed = (re.search(rf"```{name}\n(.*?)```", page, re.DOTALL) for name in ("python", "text"))
    assert script is not None
    assert printed is not None
    assert "from lockstep import api" in script[1]
    assert script[1].count("lockstep") == script[1].count("from lockstep import api"), "the script needs nothing else of lockstep"
    path = tmp_path / "script.py"
    path.write_text(script[1])
    monkeypatch.chdir(story("promises").root)
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out == printed[1]


def test_a_refusal_says_why_and_writes_nothing(story: Story) -> None:
    repo = story("promises")
    before = repo.contents()
    planned = api.plan_bump(api.open_repository(repo.root), "patch")
    assert isinstance(planned, api.TooSmall)
    assert planned.review.verdict is api.Verdict.TOO_SMALL
    assert repo.contents() == before


def test_a_listener_hears_what_happens_on_the_way(story: Story) -> None:
    heard: list[str] = []
    opened = api.open_repository(story("promises").root, listener=api.Listener(say=heard.append))
    planned = api.plan_bump(opened, "auto")
    assert isinstance(planned, api.BumpPlan)
    assert str(planned.plan.new) == "0.6.0"
    assert heard == ["since v0.5.0 the changes ask for a minor release"]


def test_what_stops_is_an_error_with_a_next_step(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": "[package\n"})
    with pytest.raises(api.LockstepError) as stopped:
        api.check(api.open_repository(repo.root))
    assert (stopped.value.path, stopped.value.line) == ("Cargo.toml", 1)
    with pytest.raises(api.LockstepError, match="nowhere"):
        api.open_repository(repo.root, ref="nowhere")


def test_it_prints_nothing(story: Story) -> None:
    code = "from lockstep import api; o = api.open_repository(); api.check(o); api.diff(o); api.surface(o); api.changelog(o); api.audit(o)"
    done = subprocess.run([sys.executable, "-c", code], cwd=story("promises").root, capture_output=True, env=os.environ, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
