"""Release tags by their names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.versions.tag_names import LONGEST, parse, parse_as, write
from lockstep.versions.version import Version


@pytest.mark.parametrize(
    ("tag", "word", "text"),
    [
        ("v1.2.0", "", "1.2.0"),
        ("1.2.0", "", "1.2.0"),
        ("V1.2.0", "", "1.2.0"),
        ("v/0.23.29", "", "0.23.29"),
        ("release/1.2", "", "1.2"),
        ("release-v1.2.0", "", "1.2.0"),
        ("hatch-v1.18.0", "hatch", "1.18.0"),
        ("py-1.43.2", "py", "1.43.2"),
        ("ignore-0.4.23", "ignore", "0.4.23"),
        ("crossbeam-epoch-0.9.20", "crossbeam-epoch", "0.9.20"),
        ("object_store_0.12.0", "object_store", "0.12.0"),
        ("@scope/pkg@1.2.3", "scope/pkg", "1.2.3"),
        ("crates/spam/v1.2.3", "crates/spam", "1.2.3"),
        ("r0.16.0", "r", "0.16.0"),
        ("rel_2_0_30", "", "2_0_30"),
        ("py3.11-v1.2.0", "py3.11", "1.2.0"),
        ("v1.2.0-rc.1", "", "1.2.0-rc.1"),
        ("9.2.0.dev0", "", "9.2.0.dev0"),
        ("2.11.0.post1", "", "2.11.0.post1"),
        ("2023.07.15", "", "2023.07.15"),
        ("v25.12.19-2026-02-06-03fffb2", "", "25.12.19-2026-02-06-03fffb2"),
    ],
)
def test_a_tag_is_a_word_and_a_version(tag: str, word: str, text: str) -> None:
    found = parse(tag)
    assert found is not None
    assert (found.word, found.text, found.prefix + found.text) == (word, text, tag)


@pytest.mark.parametrize(
    "tag",
    [
        "nightly",
        "v1",
        "",
        "v",
        "2026-01-02",
        "1!2.0",
        "spam-v1!2.0.1",
        "v1..2",
        "v\u0661.2.3",
        "v\uff11.2.3",
        "v1.2.3 ",
        "v1.2.3\n",
        "v1.2." + "3" * LONGEST,
        "4.x",
    ],
)
def test_other_names_hold_no_version(tag: str) -> None:
    assert parse(tag) is None


@pytest.mark.parametrize(
    ("tag", "version", "says"),
    [
        ("v1.2.0", "1.2.0", True),
        ("v1.2", "1.2.0", True),
        ("v1.2.0rc1", "1.2.0-rc.1", True),
        ("v1.2.0", "1.2.0+dev0", False),
        ("v1.2.0+dev0", "1.2.0+dev0", True),
        ("v1.02.0", "1.2.0", False),
        ("2023.07.15", "2023.07.15", True),
        ("2023.7.15", "2023.07.15", True),
        ("rel_1_2_0", "1.2.0", True),
    ],
)
def test_a_tag_says_a_version_as_text(tag: str, version: str, says: bool) -> None:  # noqa: FBT001 - a table
    found = parse(tag)
    assert found is not None
    expected = parse(version)
    assert expected is not None
    assert found.says(expected.version) is says


def test_a_template_names_a_group() -> None:
    found = parse_as("core-1.2.0.", "{group}-{version}.", ("wheel", "core"))
    assert found is not None
    assert (found[0].text, found[1]) == ("1.2.0", "core")
    assert parse_as("other-1.2.0.", "{group}-{version}.", ("wheel", "core")) is None
    assert parse_as("v1.2.0\n", "v{version}") is None


@pytest.mark.parametrize(
    ("last", "new", "tag"),
    [("v1.2.0", "1.3.0", "v1.3.0"), ("rel_1_2_0", "1.3.0", "rel_1_3_0"), ("v1.2", "1.3.0", "v1.3.0"), ("v1.2.0-rc.1", "1.3.0-rc.1", "v1.3.0-rc.1")],
)
def test_the_next_tag_is_written_like_the_last(last: str, new: str, tag: str) -> None:
    like = parse(last)
    assert like is not None
    assert write(like.template, Version.read(new), like=like) == tag


@given(st.text(alphabet="v0123456789.-_+rc /\n\u0661", max_size=24))
def test_what_is_read_stands_in_the_tag(tag: str) -> None:
    found = parse(tag)
    assert found is None or (found.prefix + found.text == tag and found.text.isascii())


def test_many_tags_are_read_in_time_that_grows_with_their_number_alone() -> None:
    def seconds(tags: list[str]) -> float:
        start = time.process_time()
        for tag in tags:
            parse.__wrapped__(tag)
        return time.process_time() - start

    hostile = ["1." * 90 + "x", "1_" * 99, "1.1-" * 49, "0" * LONGEST]
    assert seconds(hostile * 50) < 50 * max(seconds([f"package-{number}-v{number}.2.3" for number in range(200)]), 0.001)
