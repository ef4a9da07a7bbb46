"""Findings of one cause are told once, all are counted, and a report that is longer than a screen is told by cause across files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from lockstep.model import Finding, Level, Place
from lockstep.reports.text import SCREEN, grouped


def found(level: Level, rule: int, path: int, line: int) -> Finding:
    place = Place(path=f".github/workflows/w{path}.yml", line=line, column=3)
    return Finding(rule=f"rule-{rule}", level=level, place=place, message=f"step {line} is not pinned", help=f"pin {rule}")


some = st.lists(
    st.builds(found, st.sampled_from(Level), st.integers(0, 3), st.integers(0, 3), st.integers(1, 30)), max_size=80, unique_by=lambda one: one.place
)


@given(some)
def test_each_cause_is_told_and_no_error_is_counted_away(every: Sequence[Finding]) -> None:
    text = grouped(every)
    for one in every:
        if one.level is Level.NOTE:
            assert f" note {one.rule}: " in text or re.search(rf"^\d+ notes?: .*\b\d+ {one.rule}\b", text, re.MULTILINE)
        else:
            assert f" {'' if one.level is Level.ERROR else 'warning '}{one.rule}: " in text
    if len(re.findall(r"^\.github/", text, re.MULTILINE)) < len(every):
        assert "-v lists each" in text


def test_what_fits_a_screen_is_told_file_by_file() -> None:
    few = [found(Level.WARNING, 1, path, line) for path in range(3) for line in (1, 2)]
    assert grouped(few).count("rule-1") == 6
    assert "w2.yml:2:3" in grouped(few)


def test_what_is_longer_is_told_by_cause() -> None:
    many = [found(Level.WARNING, rule, path, line) for rule in range(3) for path in range(9) for line in (1, 2, 3, 4)]
    many += [found(Level.NOTE, 4, path, 9) for path in range(5)] + [found(Level.ERROR, 5, 8, 7)]
    text = grouped(many)
    assert text.count("\n") < SCREEN
    lines = text.splitlines()
    assert lines[0] == ".github/workflows/w8.yml:7:3 rule-5: step 7 is not pinned"
    assert lines[2:5] == [
        ".github/workflows/w0.yml:1:3 warning rule-0: step 1 is not pinned",
        "  also: lines 2, 3, 4; w1.yml (4), w2.yml (4), w3.yml (4) and 5 more, 32 findings there; -v lists each",
        "  help: pin 0",
    ]
    assert lines[-1] == "5 notes: 5 rule-4; -v lists each"
