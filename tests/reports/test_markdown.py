"""The review as Markdown: one that fits in a comment, one that is whole, and both the same whenever they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from lockstep.config import WaiverConfig
from lockstep.model import Ecosystem, Package, Place
from lockstep.reports import markdown
from lockstep.reports.report import ReportOptions
from lockstep.reports.style import Painter
from lockstep.review.review import Moment, Review, review
from lockstep.surface import Blind, Item, ItemKind, Surface
from lockstep.versions.version import Version
from tests.conftest import Repo, Run, Story

COMMENT = 65_536
"""Characters that GitHub takes; source: https://docs.github.com/en/rest/issues/comments"""


def moment(version: str, names: int, waivers: tuple[WaiverConfig, ...] = ()) -> Moment:
    known = Version.read(version)
    crates = [f"crate-{number:02}" for number in range(20)]
    surfaces = []
    for crate in crates:
        root = crate.replace("-", "_")
        items = {
            path: Item(path=path, kind=ItemKind.FUNCTION, place=Place(path=f"{crate}/src/lib.rs", line=number + 1), origin=path, signature=f"fn f{number}()")
            for number in range(names)
            for path in (f"{root}::f{number}",)
        }
        blind = tuple(Blind(symbol=root, place=Place(path=f"{crate}/src/b{number}.rs"), why="a macro") for number in range(60))
        surfaces.append(Surface(surface="rust", package=crate, items=items, blind=blind))
    packages = tuple(Package(name=crate, ecosystem=Ecosystem.CARGO, root=crate, manifest=f"{crate}/Cargo.toml", version=known) for crate in crates)
    return Moment(ref=f"v{version}", sha="0" * 40, version=known, packages=packages, surfaces=tuple(surfaces), waivers=waivers)


@pytest.fixture
def large() -> Review:
    accepted = WaiverConfig(rule="rust-item-removed", reason="security", expires="0.9.0", symbol="crate_00::f199", path="lockstep.toml", line=7)
    return review(moment("0.4.0", 200), replace(moment("0.4.1", 100), waivers=(accepted,)))


def test_what_is_too_much_for_a_comment_is_left_out_and_told(large: Review) -> None:
    said = markdown.review(large, ReportOptions(paint=Painter(colour=False)))
    assert len(said) < COMMENT
    assert "`lockstep diff --format markdown -v` has all of it" in said
    assert said.count("```diff") == len(re.findall(r"^  ```$", said, re.MULTILINE))
    for row in large.rows:
        assert re.search(rf"^\| rust \| `{row.package}` .*\| 60 \| a minor release \| ❌ too-small \|$", said, re.MULTILINE), row.package


def test_a_whole_review_leaves_nothing_out(large: Review) -> None:
    said = markdown.review(large, ReportOptions(paint=Painter(colour=False), verbose=True))
    assert len(said) > COMMENT
    assert "more" not in said
    for found in large.findings:
        assert f"`{found.symbol}`" in said
        assert f"`{found.place}`" in said
    for row in large.rows:
        for blind in row.blind:
            assert f"`{blind.place}`" in said


@pytest.mark.parametrize("verbose", [False, True])
def test_what_was_decided_is_never_cut_off(large: Review, *, verbose: bool) -> None:
    said = markdown.review(large, ReportOptions(paint=Painter(colour=False), verbose=verbose))
    decided = r"^### Decisions\n\n- `rust-item-removed` `crate-00` `crate_00::f199` .*: security, until 0\.9\.0 `lockstep\.toml:7`$"
    assert re.search(decided, said, re.MULTILINE)


def written(repo: Repo, *args: str, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LOCKSTEP_CACHE_DIR": ""}
    command = [sys.executable, "-m", "lockstep", "diff", *args, "--format", "markdown", "-v"]
    return subprocess.run(command, cwd=repo.root, capture_output=True, text=True, check=False, env=environment).stdout


def test_a_review_is_the_same_whenever_it_is_written(story: Story) -> None:
    repo = story("promises")
    first = written(repo, "v0.4.0", "v0.5.0", seed="0")
    assert "spam" in first
    assert {written(repo, "v0.4.0", "v0.5.0", seed=seed) for seed in ("1", "2")} == {first}


def test_a_work_tree_and_its_commit_give_the_same_review(story: Story, run: Run) -> None:
    repo = story("promises")
    repo.git("checkout", "-q", "v0.5.0")
    said = [run("diff", "v0.4.0", *head, "--format", "markdown", "-v", repo=repo, code=0).out for head in ((), ("v0.5.0",))]
    (title, *rest), (other_title, *other_rest) = (one.splitlines() for one in said)
    assert title != other_title
    assert rest == other_rest
