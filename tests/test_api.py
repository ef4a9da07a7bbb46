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
    public = {name for name in vars(api) if not name.startswith("_") and name not in ("annotations", "Mapping", "Path", "SILENT")}
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
    assert heard == ["since v0.5.0 the changes require a minor release"]


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


MISMATCH = {"pyproject.toml": '[project]\nname = "spam"\nversion = "0.1.9"\n'}


def test_what_an_editor_has_not_saved_is_checked_and_never_written(story: Story) -> None:
    repo = story("twins")
    before = repo.contents()
    opened = api.open_repository(repo.root, buffers=MISMATCH)
    found = api.check(opened)
    assert [(str(one.place), one.rule) for one in found.findings] == [("pyproject.toml:3:12", "version-mismatch")]
    planned = api.plan_fix(opened, found)
    assert planned is not None
    assert [(str(one.site.place), one.new) for one in planned.edits] == [("pyproject.toml:3:12", "0.2.0")]
    assert planned.result.texts == {"pyproject.toml": MISMATCH["pyproject.toml"].replace("0.1.9", "0.2.0")}
    with pytest.raises(api.LockstepError, match="texts of an editor"):
        api.apply(planned)
    assert repo.contents() == before
    assert api.check(api.open_repository(repo.root)).findings == ()


def test_a_file_that_is_deleted_and_still_open_is_there(story: Story) -> None:
    repo = story("twins")
    repo.path("pyproject.toml").unlink()
    assert [one.name for one in api.check(api.open_repository(repo.root, buffers=MISMATCH)).project.packages] == ["spam", "spam"]


def test_half_a_character_in_a_buffer_is_told_where_it_stands(story: Story) -> None:
    with pytest.raises(api.LockstepError, match="not UTF-8") as stopped:
        api.check(api.open_repository(story("twins").root, buffers={"Cargo.toml": '[package]\nname = "\ud800"\n'}))
    assert (stopped.value.path, stopped.value.line, stopped.value.column) == ("Cargo.toml", 2, 9)


def test_who_reads_only_leaves_an_interrupted_write_as_it_is(story: Story) -> None:
    repo = story("twins")
    repo.write({".git/lockstep-journal.json": "{}"})
    for read_only, buffers in ((True, None), (False, dict[str, str]())):
        with pytest.raises(api.LockstepError, match="a write of lockstep goes on here, or was interrupted"):
            api.open_repository(repo.root, read_only=read_only, buffers=buffers)
    assert repo.read(".git/lockstep-journal.json") == "{}"


STALE = """version = 4

[[package]]
name = "{0}"
version = "{1}"
"""
CRATE = '[package]\nname = "{0}"\nversion = "{1}"\n'


@pytest.fixture
def drifted(fresh: Fresh) -> Path:
    """Give a repository with a wheel behind its crate, and two stale locks of workspaces of their own."""
    root = '[workspace]\nexclude = ["tool"]\n\n'
    wheel = {"py/pyproject.toml": '[project]\nname = "spam"\nversion = "0.4.9"\n'}
    tool = {"tool/Cargo.toml": CRATE.format("tool", "0.1.0"), "tool/Cargo.lock": STALE.format("tool", "0.0.9")}
    repo = fresh({"Cargo.toml": root + CRATE.format("spam", "0.4.9"), "Cargo.lock": STALE.format("spam", "0.4.9"), **wheel, **tool})
    repo.git("tag", "v0.4.9")
    return repo.replace("Cargo.toml", "0.4.9", "0.5.0").root


@pytest.mark.parametrize(
    ("path", "written"),
    [("py/pyproject.toml", {"py/pyproject.toml", "Cargo.lock"}), ("Cargo.lock", {"Cargo.lock"}), ("tool/Cargo.lock", {"tool/Cargo.lock"})],
    ids=["a manifest and the lock above it", "a lock", "another workspace's lock"],
)
def test_a_fix_of_one_place_leaves_the_others_as_they_are(path: str, written: set[str], drifted: Path) -> None:
    opened = api.open_repository(drifted)
    found = api.check(opened)
    assert {one.place.path for one in found.findings} == {"py/pyproject.toml", "Cargo.lock", "tool/Cargo.lock"}
    planned = api.plan_fix(opened, found, only=next(one for one in found.findings if one.place.path == path))
    assert planned is not None
    assert {*planned.result.texts} == written
    api.apply(planned)
    assert {one.place.path for one in api.check(api.open_repository(drifted)).findings} == {"py/pyproject.toml", "Cargo.lock", "tool/Cargo.lock"} - written


def test_a_fix_of_a_manifest_takes_its_lock_along(story: Story) -> None:
    repo = story("twins")
    opened = api.open_repository(repo.root, buffers={"Cargo.toml": repo.read("Cargo.toml").replace("0.2.0", "0.1.0")})
    found = api.check(opened)
    assert sorted(one.rule for one in found.findings) == ["lock-left-behind", "version-mismatch"]
    planned = api.plan_fix(opened, found, only=next(one for one in found.findings if one.rule == "version-mismatch"))
    assert planned is not None
    assert [*planned.result.texts] == ["Cargo.toml"]
    assert planned.findings == ()


def test_what_nothing_aligns_has_no_fix(fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "0.5.0"\n\n[dependencies]\neggs = { path = "eggs" }\n'})
    opened = api.open_repository(repo.root)
    found = api.check(opened)
    assert [one.rule for one in found.findings] == ["path-dependency-missing"]
    assert api.plan_fix(opened, found, only=found.findings[0]) is None
