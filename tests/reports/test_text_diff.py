"""The diff of a dry run is difflib's, found without a search where lines stay where they are."""

from __future__ import annotations

from difflib import unified_diff

from hypothesis import given
from hypothesis import strategies as st

from lockstep.reports import text

kept = st.integers(0, 10**6).map(lambda number: f"line {number}\n")
changed = st.tuples(kept, st.just("")).map(lambda one: (f"- {one[0]}", f"+ {one[0]}"))
lines = st.lists(st.one_of(kept.map(lambda one: (one, one)), changed), max_size=30, unique=True)


@given(lines)
def test_lines_that_change_where_they_stand_are_shown_as_difflib_shows_them(pairs: list[tuple[str, str]]) -> None:
    old, new = [one for one, _ in pairs], [one for _, one in pairs]
    assert list(text._unified(old, new, "a/x", "b/x")) == list(unified_diff(old, new, "a/x", "b/x", n=1))  # noqa: SLF001 - the law of it


@given(st.lists(st.sampled_from(["a\n", "b\n", "c\n"]), max_size=8), st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d"]), max_size=8))
def test_any_diff_leads_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    found = [line for line in text._unified(old, new, "a", "b") if not line.startswith(("---", "+++", "@@"))]  # noqa: SLF001
    before, after = iter(old), iter(new)
    for line in found:
        if line[0] in " -":
            assert line[1:] in before
        if line[0] in " +":
            assert line[1:] in after
    assert bool(found) is (old != new)
