"""What made the exit code is said in every output of a review, and in the same words: no tick beside an exit code 1."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from lockstep.cli.output import FINE, FOUND, UNPROVEN
from lockstep.model import Level
from lockstep.reports import Format, writer
from lockstep.review.review import Ending, Review, Verdict
from tests.conftest import Fresh, Repo, Run, Story
from tests.reports.samples import OPTIONS, finding, report, review, row

FAULT = finding(rule="stub-disagrees", requires=None)
LOOSE = finding(rule="waiver-unused", level=Level.WARNING, requires=None, surface=None, package=None)
BREAK = finding()
ENDINGS = {
    "nothing": (review(), Ending.OK, "ok", ""),
    "a warning": (review(LOOSE), Ending.OK, "ok", ""),
    "a warning, strictly": (replace(review(LOOSE), strict=True), Ending.REFUSED, "version", "waiver-unused"),
    "a fault": (review(FAULT), Ending.REFUSED, "version", "stub-disagrees"),
    "a fault and something unseen": (review(FAULT, verdict=Verdict.UNPROVEN), Ending.REFUSED, "unproven", "stub-disagrees"),
    "a fault and a small step": (review(FAULT, BREAK, verdict=Verdict.TOO_SMALL), Ending.REFUSED, "too small", "stub-disagrees"),
    "a small step": (review(BREAK, verdict=Verdict.TOO_SMALL), Ending.REFUSED, "too small", ""),
    "something unseen": (review(verdict=Verdict.UNPROVEN), Ending.UNPROVEN, "unproven", ""),
    "something unseen, pushed": (replace(review(verdict=Verdict.UNPROVEN), pushed=True), Ending.OK, "unproven", ""),
    "a small step, pushed": (replace(review(BREAK, verdict=Verdict.TOO_SMALL), pushed=True), Ending.OK, "too small", ""),
    "a fault, pushed": (replace(review(FAULT), pushed=True), Ending.REFUSED, "version", "stub-disagrees"),
}
every_ending = pytest.mark.parametrize(("one", "ending", "word", "fault"), ENDINGS.values(), ids=ENDINGS)
EXPLAINS = r"refused(?: too)?"


@every_ending
def test_a_review_says_what_it_comes_to(one: Review, ending: Ending, word: str, fault: str) -> None:
    assert one.ending is ending
    text = writer(Format.TEXT).review(one, OPTIONS)
    assert re.search(rf"^{word}: ", text, re.MULTILINE)
    markdown = writer(Format.MARKDOWN).review(one, OPTIONS)
    page = writer(Format.HTML).review(one, OPTIONS)
    document = json.loads(writer(Format.JSON).review(one, OPTIONS))
    sarif = json.loads(writer(Format.SARIF).review(one, OPTIONS))["runs"][0]["properties"]["said"]
    for written in (text, markdown.replace("\\", "").replace("**", ""), page, sarif):
        found = re.search(rf"{EXPLAINS}: 1 {fault or '[a-z-]+'}", written)
        assert (found is not None) is bool(fault), written
    assert document["ending"] == str(ending)
    assert document["refused"] == [*(["too-small"] if word == "too small" and ending is Ending.REFUSED else []), *([fault] if fault else [])]
    if ending is Ending.REFUSED:
        assert markdown.startswith("## ❌")
        assert re.search(r"<title>(?:refused|too small): ", page)
    if fault and one.strict:
        assert "with --strict a warning counts as an error" in text


def test_a_surface_with_a_fault_has_no_tick() -> None:
    one = review(FAULT, rows=(row(), row("still")))
    table = [line for line in writer(Format.MARKDOWN).review(one, OPTIONS).splitlines() if line.startswith("| python")]
    assert [line.rsplit("|", 2)[1].strip() for line in table] == ["❌ refused", "✅ ok"]
    assert ">refused<" in re.sub(r"\s+", "", writer(Format.HTML).review(one, OPTIONS))


def test_a_report_that_fails_by_strictness_says_so() -> None:
    one = replace(report(LOOSE), strict=True)
    assert one.fails
    assert not report(LOOSE).fails
    assert writer(Format.MARKDOWN).report(one, OPTIONS).startswith("## ❌")
    assert "with --strict a warning counts as an error" in writer(Format.MARKDOWN).report(one, OPTIONS)
    assert "with --strict a warning counts as an error" in writer(Format.HTML).report(one, OPTIONS)
    assert "--strict" not in writer(Format.MARKDOWN).report(replace(report(LOOSE, FAULT), strict=True), OPTIONS)


# ---- the program


@pytest.fixture
def disagreeing(fresh: Fresh) -> Repo:
    """A crate whose linter is set to an older Rust than its manifest, whatever its version is."""
    manifest = '[package]\nname = "spam"\nversion = "1.0.0"\nrust-version = "1.74"\n'
    return fresh({"Cargo.toml": manifest, "src/lib.rs": "pub fn spam() {}\n", "clippy.toml": 'msrv = "1.70"\n'})


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "json", "github", "sarif"])
def test_the_exit_code_is_explained(format_: str, disagreeing: Repo, run: Run) -> None:
    result = run("diff", "HEAD", "--format", format_, repo=disagreeing, code=FOUND)
    assert "rust-version-disagrees" in result.out
    if format_ != "json":
        assert re.search(rf"{EXPLAINS}\W*: 1 rust", (result.out + result.err).replace("\\", ""))
    else:
        assert json.loads(result.out)["refused"] == ["rust-version-disagrees"]


def test_strictness_is_explained(story: Story, run: Run) -> None:
    waiver = '[[waivers]]\nrule = "python-floor-raised"\nreason = "end-of-life"\nexpires = "2999-01-01"\n'
    repo = story("twins").write({"lockstep.toml": f'exclude = ["nothing"]\n{waiver}'}).commit("configure")
    assert run("diff", "HEAD", "HEAD", repo=repo).code in (FINE, UNPROVEN)
    told_ = run("diff", "HEAD", "HEAD", "--strict", repo=repo, code=FOUND)
    assert (
        "refused: 1 waiver-unused, above, which no version step allows (with --strict a warning counts as an error); lockstep explain waiver-unused"
        in told_.out
    )
    assert "1 warning; with --strict a warning counts as an error" in run("check", "--strict", repo=repo, code=FOUND).err
    assert run("check", repo=repo, code=FINE).err == "1 warning\n"
