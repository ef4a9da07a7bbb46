"""Positions of the protocol are there and back the same, in every encoding, whatever ends a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.editor.positions import Point, Positions, offset_of

TEXTS = st.lists(st.sampled_from(["a", "ü", "\U0001f980", "\n", "\r\n", "\r", "\f", "\u2028", "\x85", "\t"]), max_size=12).map("".join)


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_a_crab_is_as_wide_as_the_encoding_has_it(encoding: str, width: int) -> None:
    positions = Positions('x\r\ny = "\U0001f980" # z', encoding)
    assert positions.point(9) == Point(1, 5 + width)
    assert positions.offset(1, 5 + width) == 9
    assert positions.offset(1, 6) == (9 if width == 1 else 8), "half a character is where it begins"


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_there_and_back(text: str, encoding: str) -> None:
    positions = Positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n" or not offset:
            assert positions.offset(*positions.point(offset)) == offset


@given(TEXTS)
def test_a_form_feed_ends_no_line(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert Positions(text).point(len(text)).line == lines


def test_what_lies_beyond_is_the_end() -> None:
    positions = Positions("ab\ncd")
    assert [positions.offset(0, 99), positions.offset(9, 0), positions.offset(1, 1)] == [2, 5, 4]


@pytest.mark.parametrize(("line", "column", "offset"), [(1, 1, 0), (2, 1, 4), (2, 3, 6), (None, None, 0), (9, 1, 7), (2, 99, 7)])
def test_a_line_and_column_of_lockstep_is_an_offset(line: int | None, column: int | None, offset: int) -> None:
    assert offset_of("ü\r\r\n\U0001f980cd", line, column) == offset
