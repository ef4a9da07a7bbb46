"""In GitHub Actions the most important findings stand beside their lines, and all of them in the log and in the summary of the run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lockstep.model import Level
from lockstep.reports import github, markdown
from lockstep.writing import github_files
from tests.conftest import Run, Story
from tests.reports.samples import OPTIONS, finding, hostile, report, review

COMMAND = re.compile(r"^::(error|warning|notice|group|endgroup)\b", re.MULTILINE)


def test_ten_of_each_level_are_annotated_the_most_important_first_and_all_are_in_the_log() -> None:
    many = [finding(number, Level.NOTE) for number in range(12)] + [finding(number, Level.ERROR) for number in range(20, 35)]
    text = github.report(report(*many), OPTIONS)
    assert COMMAND.findall(text) == ["group", "endgroup", *["error"] * 10, *["notice"] * 10]
    log, _, rest = text.partition("::endgroup::\n")
    assert log.splitlines()[0] == "::group::lockstep check: 15 errors, 12 notes"
    assert len(log.splitlines()) == 28
    assert rest.splitlines()[-1] == "and 7 more, in the log above and in the summary of this run"


def test_what_asks_for_most_is_annotated_first() -> None:
    mixed = [finding(1, Level.NOTE, requires=None), finding(2, Level.NOTE)]
    assert re.findall(r"egg\d", github.review(review(*mixed), OPTIONS).partition("::endgroup::")[2]) == ["egg2", "egg1"]


def test_where_nothing_was_found_nothing_is_printed() -> None:
    assert github.report(report(), OPTIONS) == github.review(review(), OPTIONS) == ""


def test_a_hostile_repository_gives_the_runner_no_command() -> None:
    text = github.review(hostile(), OPTIONS)
    assert set(COMMAND.findall(text)) == {"group", "endgroup", "error", "warning", "notice"}
    assert not re.search(r"^\s*::error::x", text, re.MULTILINE)
    assert "##[add" not in text.partition("::endgroup::")[0]
    for line in text.partition("::endgroup::\n")[2].splitlines():
        assert re.fullmatch(r"::(error|warning|notice) file=[^:]*,line=\d+(,col=\d+)?,title=[a-z-]+::.*", line), line
    assert not set("\u202e\u2066\x1b\x00\r") & set(text)


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def test_the_summary_is_appended_as_markdown(summary: Path, story: Story, run: Run) -> None:
    summary.write_text("of a step before")
    repo = story("drifted")
    run("check", "--format", "github", repo=repo, code=1)
    text = summary.read_text()
    assert text.startswith("of a step before\n## ❌ lockstep check\n\n2 errors\n\n| | place | rule | what |\n")
    run("diff", "v0.3.0", "v0.4.0", "--format", "github", repo=repo, code=0)
    assert "## ✅ Compatibility of v0.3.0 with v0.4.0" in summary.read_text().removeprefix(text)


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "markdown"])
def test_another_format_leaves_the_summary_alone(format_: str, summary: Path, story: Story, run: Run) -> None:
    run("check", "--format", format_, repo=story("drifted"), code=1)
    assert not summary.exists()


def test_a_summary_that_is_full_stays_as_it_is_which_is_said(summary: Path, story: Story, run: Run) -> None:
    summary.write_bytes(b"x" * github_files.LARGEST_SUMMARY)
    result = run("check", "--format", "github", repo=story("drifted"), code=1)
    assert "the summary of this step is full" in result.err
    assert summary.stat().st_size == github_files.LARGEST_SUMMARY


def test_a_summary_that_cannot_be_written_is_a_fault_with_a_next_step(summary: Path, story: Story, run: Run) -> None:
    summary.mkdir()
    assert "GITHUB_STEP_SUMMARY must name a file" in run("check", "--format", "github", repo=story("drifted"), code=2).err


def test_a_table_that_is_too_long_says_so() -> None:
    text = markdown.report(report(*(finding(number) for number in range(2000))), OPTIONS)
    assert len(text) < markdown.LARGEST + 200
    assert text.endswith("`lockstep check --format json` has all of it.\n")
