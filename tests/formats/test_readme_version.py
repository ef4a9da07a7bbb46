"""A README that says in words which version is out is kept up to date; what it tells of the past is not touched."""

from __future__ import annotations

import time

import pytest

from lockstep.formats.readme_version import read
from lockstep.manifest import Source
from tests.conftest import Fresh, Run

CARGO = '[package]\nname = "spam"\nversion = "@"\nedition = "2021"\n'
OURS = [
    "The current version is 2.3.4.",
    "Spam cooks. The latest version is `v2.3.4`.",
    "**Latest release:** 2.3.4",
    "This version (2.3.4) cooks eggs.",
    "- Current stable version: **2.3.4**",
    "The current version of `spam` is 2.3.4.",
    "The latest spam release is v2.3.4!",
    "spam's current version is 2.3.4",
    "Version 2.3.4 is the latest release.",
    "The latest version of this crate is 2.3.4",
    "Our newest package version: 2.3.4",
    "Currently, this version (2.3.4) is being cooked.",
    "> Version: 2.3.4-not",
]
LABELS = ["**Version:** 2.3.4", "| **Version** | `2.3.4` |", "Version: v2.3.4", "- *Version*: `2.3.4`"]
NOT_OURS = [
    "Since version 2.3.4 it cooks eggs.",
    "As of the current version 2.3.4 it cooks eggs.",
    "This version (2.3.4) was the first to cook.",
    "The latest version of ham is 2.3.4.",
    "The latest Ham release is 2.3.4.",
    "Ham's current version is 2.3.4.",
    "Ham (current version 2.3.4) cooks too.",
    "It needs ham, current version 2.3.4.",
    "Tested with the latest version 2.3.4.",
    "The current version 2.3.4 or later cooks.",
    "The current version is 2.3.4, and 2.2.0 is kept for bugs.",
    "This version requires 2.3.4.",
    "Version 2.3.4",
    "Version 2.3.4 cooks eggs.",
    "**Version:** 2.3.4\n\ncooks\n\n**Version:** 2.2.0",
    "```yaml\nCurrent version: 2.3.4\n```",
    "## Changelog\n\n### The last\n\nThis version (2.3.4) cooks.",
    "Release history\n===============\n\nThis version (2.3.4) cooks.",
    "The current version is 2.3.40.",
    "The current version is 2.3.4-x.",
    "The current version is 2.3.",
]


def bumped(fresh: Fresh, run: Run, readme: str) -> str:
    repo = fresh({"Cargo.toml": CARGO.replace("@", "2.3.4"), "README.md": readme})
    run("bump", "2.4.0", repo=repo, code=0)
    return repo.read("README.md")


def test_what_says_that_a_version_is_out_moves(fresh: Fresh, run: Run) -> None:
    readme = "# cooking\n\n" + "\n\n".join(OURS) + "\n"
    assert bumped(fresh, run, readme) == readme.replace("2.3.4", "2.4.0").replace("2.4.0-not", "2.3.4-not")


@pytest.mark.parametrize("label", LABELS)
def test_a_label_that_stands_alone_moves(label: str, fresh: Fresh, run: Run) -> None:
    readme = f"# cooking\n\n{label}\n\n```\nVersion 2.3.4\n```\n"
    assert bumped(fresh, run, readme) == readme.replace("2.3.4", "2.4.0", 1)


@pytest.mark.parametrize("title", ["# spam 2.3.4", "# `spam` (v2.3.4)", "spam 2.3.4\n=========="])
def test_a_title_that_names_the_package_moves(title: str, fresh: Fresh, run: Run) -> None:
    readme = f"{title}\n\nCooks.\n\n## spam 2.3.4\n\n- eggs\n"
    assert bumped(fresh, run, readme) == readme.replace("2.3.4", "2.4.0", 1)


@pytest.mark.parametrize("line", [*NOT_OURS, "# ham 2.3.4"])
def test_what_tells_of_anything_else_stays(line: str, fresh: Fresh, run: Run) -> None:
    readme = f"{line}\n" if line.startswith("# ") else f"# cooking\n\n{line}\n"
    assert bumped(fresh, run, readme) == readme


def test_a_sentence_that_was_left_behind_is_found(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.replace("@", "2.3.4"), "README.md": "The current version is 2.3.4.\n"})
    repo.git("tag", "v2.3.4")
    repo.write({"Cargo.toml": CARGO.replace("@", "2.4.0")}).commit()
    assert "README.md:1:24" in run("check", repo=repo, code=1).out
    run("check", "--fix", repo=repo)
    assert repo.read("README.md") == "The current version is 2.4.0.\n"


def test_a_pre_release_leaves_readers_with_what_is_out(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.replace("@", "2.3.4"), "README.md": "The latest version is 2.3.4.\n"})
    run("bump", "3.0.0-rc.1", repo=repo, code=0)
    assert repo.read("README.md") == "The latest version is 2.3.4.\n"


HOSTILE = ["# " * 90_000, "the current version is " * 40_000, "version\n" * 90_000, "Version: 1.2.3\n" * 5_000, "This version (1.2.3)\n" * 3_000]
HOSTILE += [
    "<!--" * 90_000,
    "a\n===\nb\nCCC\nc\n---\n" * 9_000 + "This version (1.2.3)\n",
    "version 1.2.3" + " of" * 300_000,
    "latest " + "a" * 400_000 + " version 1.2.3",
]


def test_whatever_a_readme_holds_it_is_read_soon() -> None:
    for text in HOSTILE:
        start = time.process_time()
        read(Source("README.md", text))
        assert time.process_time() - start < 2, text[:30]
