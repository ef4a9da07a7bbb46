"""Dates and titles, each in the ways that changelogs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.changelog import titles
from lockstep.changelog.dates import Day, find, read_day, written
from lockstep.changelog.titles import Kind, read

NEW = Day(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "day", "new"),
    [
        ("2024-01-31", Day(2024, 1, 31), "2026-11-02"),
        ("2024/1/31", Day(2024, 1, 31), "2026/11/2"),
        ("2024.01.31", Day(2024, 1, 31), "2026.11.02"),
        ("31.01.2024", Day(2024, 1, 31), "02.11.2026"),
        ("31 January 2024", Day(2024, 1, 31), "2 November 2026"),
        ("01 Feb 2024", Day(2024, 2, 1), "02 Nov 2026"),
        ("6th December, 2024", Day(2024, 12, 6), "2nd November, 2026"),
        ("January 31, 2024", Day(2024, 1, 31), "November 2, 2026"),
        ("Sept 3rd, 2024", Day(2024, 9, 3), "Nov 2nd, 2026"),
        ("2024-02-30", Day(2024, 2, 30), "2026-11-02"),
    ],
)
def test_a_date_is_found_and_written_alike(text: str, day: Day, new: str) -> None:
    found = find(f"1.2.3 ({text})")
    assert found is not None
    assert (found.text, found.day) == (text, day)
    assert written(NEW, text) == new


@given(st.dates(), st.sampled_from(["2024-01-31", "2024/1/31", "31.01.2024", "31 January 2024", "6th December, 2024", "Jan 31, 2024", "January 31, 2024"]))
def test_every_day_is_read_back(date: object, like: str) -> None:
    day = Day(*map(int, str(date).split("-")))
    found = find(written(day, like))
    assert found is not None
    assert found.day == day
    assert day.exists
    assert read_day(str(day)) == day


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "0000-01-01", "2025-02-29", "26-01-01", "2026-1-1", "today", ""])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        ("Unreleased", Kind.UNRELEASED, None),
        ("[Unreleased]", Kind.UNRELEASED, None),
        ("[UNRELEASED] - ReleaseDate", Kind.UNRELEASED, None),
        ("[Unreleased](https://example.org/compare/v1.2.0...HEAD)", Kind.UNRELEASED, None),
        ("[Unreleased] - yyyy-mm-dd", Kind.UNRELEASED, None),
        ("Unreleased changes", Kind.UNRELEASED, None),
        ("Next release", Kind.UNRELEASED, None),
        ("Latest Changes", Kind.UNRELEASED, None),
        ("TBD", Kind.UNRELEASED, None),
        ("dev", Kind.UNRELEASED, None),
        ("1.3.0 (unreleased)", Kind.PENDING, "1.3.0"),
        ("5.0.0 - TBD", Kind.PENDING, "5.0.0"),
        ("v2.0.0 (not yet released)", Kind.PENDING, "2.0.0"),
        ("[1.2.3]", Kind.RELEASE, "1.2.3"),
        ("[v1.2.3] - 2024-01-31", Kind.RELEASE, "1.2.3"),
        ("1.2.3 / 2024-01-31", Kind.RELEASE, "1.2.3"),
        ("**1.2.3**", Kind.RELEASE, "1.2.3"),
        ("`1.2.3`", Kind.RELEASE, "1.2.3"),
        ("🎉 1.2.3", Kind.RELEASE, "1.2.3"),
        ("Version 1.2.3", Kind.RELEASE, "1.2.3"),
        ("Release 1.2", Kind.RELEASE, "1.2"),
        ("1.2.3rc1 - Jan 3rd, 2024", Kind.RELEASE, "1.2.3rc1"),
        ("cheese 1.2.3", Kind.RELEASE, "1.2.3"),
        ("@dairy/cheese@1.2.3", Kind.RELEASE, "1.2.3"),
        ("[cheese-v1.2.3](https://example.org/tree/cheese-v1.2.3) (2024-01-31)", Kind.RELEASE, "1.2.3"),
        ("[1.2.3] [YANKED]", Kind.RELEASE, "1.2.3"),
        ('1.2.3 "Stilton"', Kind.RELEASE, "1.2.3"),
        ("[[UnreleasedVersion]] - [[ReleaseDate]]", Kind.TEMPLATE, None),
    ],
)
def test_a_title_that_names_a_release(text: str, kind: Kind, version: str | None) -> None:
    title = read(text)
    assert title is not None
    assert (title.kind, None if title.version is None else str(title.version)) == (kind, version)


@pytest.mark.parametrize(
    "text",
    [
        "Changelog",
        "Added",
        "Upgrading from 0.4.0",
        "Python 3.13 support",
        "Fixed in 1.2.3",
        "Next steps",
        "Head over heels",
        "2024",
        "",
        "1",
        "Migration to 2.0",
        "v",
    ],
)
def test_a_title_that_names_none(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    read(text)
    find(text)


@pytest.mark.parametrize(
    ("heading", "version", "day"),
    [
        ("20 July 2026: mitmproxy_rs 0.12.11", "0.12.11", "2026-07-20"),
        ("2026-07-20 - 1.2.3", "1.2.3", "2026-07-20"),
        ("[July 20, 2026] v1.2.3", "1.2.3", "2026-07-20"),
        ("2024.8.1 - 2024-08-05", "2024.8.1", "2024-08-05"),
        ("[9999.8.0] - 2026-01-02", "9999.8.0", "2026-01-02"),
        ("2024.10.22", "2024.10.22", None),
    ],
)
def test_a_date_may_stand_first_and_a_version_may_look_like_one(heading: str, version: str, day: str | None) -> None:
    title = titles.read(heading)
    assert title is not None
    assert (str(title.version), str(title.date.day) if title.date else None) == (version, day)


def test_a_date_with_words_behind_it_is_no_release() -> None:
    assert titles.read("20 July 2026: fixed 1.2.3 for good") is None
    assert titles.read("20 July 2026") is None
