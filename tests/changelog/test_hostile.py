"""Changelogs that nobody should write: large ones, deep ones, broken ones. There is an answer, soon, and never a traceback."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.changelog.links import absolute, local_links
from lockstep.changelog.masking import without_code
from lockstep.changelog.mentions import SearchText, mentions
from lockstep.changelog.reading import read
from tests.changelog.trials import trial
from tests.conftest import examples

ENTRY = "- `thing_{0}` takes a width, and gives what it cut; see [the guide](docs/guide.md) and [#{0}](https://example.org/dairy/cheese/pull/{0}).\n"


def large(size: int) -> str:
    """Give a changelog as long projects have it: releases of some twenty entries, a nested one and a piece of code in each."""
    text = ["# Changelog\n\n## [Unreleased]\n\n- Waiting.\n\n"]
    number = 0
    while size > 0:
        number += 1
        entries = "".join(ENTRY.format(number * 20 + entry) for entry in range(18))
        body = f"### Added\n\n{entries}  - Nested.\n\n```python\nslice({number})\n```\n\n"
        text.append(f"## [{9_999 - number // 10}.{9 - number % 10}.0] - 2026-01-{number % 28 + 1:02}\n\n{body}")
        size -= len(text[-1])
    return "".join(text)


def calls(text: str) -> int:
    """Count the calls of Python that it takes to read a changelog: steps that no clock disturbs."""
    count = 0

    def counted(frame: object, event: str, arg: object) -> None:  # noqa: ARG001 - the interpreter's protocol
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        read("CHANGELOG.md", text)
    finally:
        sys.setprofile(None)
    return count


def test_what_is_read_grows_with_the_changelog_and_not_with_its_square() -> None:
    small, large_one = large(100_000), large(200_000)
    assert len(read("CHANGELOG.md", large_one).sections) > 70
    assert calls(large_one) < 2.5 * calls(small)


HOSTILE = {
    "quotes": "> " * 50_000 + "\n## 1.0.0\n",
    "lists": "".join(f"{' ' * depth}- x\n" for depth in range(0, 800, 2)),
    "brackets": "## " + "[" * 100_000 + "\n## 1.0.0\n",
    "brackets in text": "## 1.0.0\n\n" + "[" * 50_000 + "\n",
    "links": "## 1.0.0\n\n" + "[a](" * 20_000 + "\n",
    "backticks": "## 1.0.0\n\n" + "".join("`" * (number % 40 + 1) + " " for number in range(5_000)) + "\n",
    "fences": "## 1.0.0\n\n" + "```\n" * 20_001,
    "comments": "## 1.0.0\n\n" + "<!-- \n" * 20_000,
    "definitions": "## 1.0.0\n\n" + "".join(f"[{number}]: https://example.org/{number}\n" for number in range(5_000)),
    "digits": "## " + "1." * 5_000 + "0\n",
    "version": "## 1.0." + "9" * 5_000 + "\n",
    "words": "## " + "a " * 50_000 + "1.0.0\n",
    "controls": "## 1.0.0\n\n\x00\x1b[31m\u202e\u2028\x85\x0b\x0c - x\r- y\r\n",
    "carriage returns": "# Changelog\r\r## [Unreleased]\r\r- x\r\r## [1.0.0] - 2026-01-01\r",
    "surrogates": "## 1.0.0 \udcff\n\n- \udc80\n",
    "empty": "",
    "newlines": "\n" * 100_000,
    "mark alone": "\ufeff",
    "underlines": "1.0.0\n" + "=" * 100_000 + "\n",
    "headings": "# 1.0.0\n" * 5_000,
    "table": "## 1.0.0\n\n" + "|" * 50_000 + "\n",
    "stars": "## 1.0.0\n\n" + "*" * 50_000 + "a\n",
    "html": "## 1.0.0\n\n" + "<div " * 20_000 + "\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_there_is_an_answer_soon(name: str) -> None:
    text = HOSTILE[name]
    start = time.process_time()
    log = read("CHANGELOG.md", text)
    list(local_links(log, 0, len(text)))
    absolute(log, 0, len(text), "https://example.org/a/b", "HEAD")
    mentions(SearchText.of(text), "cheese.Rind.melt_evenly")
    without_code(text)
    assert time.process_time() - start < 5
    if len(text) < 20_000 and "\udcff" not in text:
        assert trial("CHANGELOG.md", text).faults == ()


PIECES = st.sampled_from(
    [
        "# Changelog\n",
        "## [Unreleased]\n",
        "## Unreleased\n",
        "## [1.0.0] - 2026-01-01\n",
        "## 0.9.0 (2025-13-01)\n",
        "### Added\n",
        "### Breaking\n",
        "**Fixes**:\n",
        "- entry\n",
        "  nested\n",
        "* other\n",
        "\n",
        "\n\n",
        "```\n",
        "~~~\n",
        "<!-- c -->\n",
        "<!--\n",
        "-->\n",
        "---\n",
        "===\n",
        "0.8.0\n-----\n",
        "text with `code` and [ref]\n",
        "[ref]: https://example.org\n",
        "[Unreleased]: https://example.org/a/b/compare/v1.0.0...HEAD\n",
        "[1.0.0]: https://example.org/a/b/compare/v0.9.0...v1.0.0\n",
        "> quoted\n",
        "    indented\n",
        "\ttab\n",
        "no newline",
    ]
)


@settings(max_examples=examples(200), deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_no_law_is_broken_whatever_is_written(pieces: list[str], newline: str, mark: str) -> None:
    text = mark + "".join(pieces).replace("\n", newline)
    assert trial("CHANGELOG.md", text).faults == ()
