"""The patterns of GitHub's settings are those of Ruby's File.fnmatch with FNM_PATHNAME: the table is what its manual says."""

from __future__ import annotations

import pytest

from lockstep.workflow.ref_patterns import matches, misread
from tests.conftest import soon

YES = [
    ("v*", "v1.2.3"), ("v[0-9]*.[0-9]*.[0-9]*", "v10.20.30"), ("*", "v1"), ("v?", "v1"), ("v[!a-z]", "v1"), ("v[^a-z]", "v1"), ("v\\*", "v*"),
    ("**/*", "a/b/v1"), ("**/*", "v1"), ("release/**/*", "release/1.0"), ("release/**/*", "release/a/b/1.0"), ("release/*/*", "release/a/b"),
    ("refs/tags/**/*", "refs/tags/v1"), ("refs/tags/v**", "refs/tags/v1.2"), ("v[0-9]+.*", "v1+.2"), ("[a-c-]x", "-x"), ("v[*]", "v*"), ("", ""),
    ("a**b", "acccb"), ("[\\]a]x", "ax"), ("release-[0-9].x", "release-1.x"), ("**/v1", "v1"), ("v1\\", "v1\\"),
]  # fmt: skip
NO = [
    ("v*", "x1"), ("*", "a/b"), ("v?", "v/"), ("v[^a]", "v/"), ("v[0-9]+.[0-9]+.[0-9]+", "v1.2.3"), ("release/*", "release/a/b"), ("v[", "v["), ("v[1", "v1"),
    ("!v*", "v1"), ("v?1", "v1"), ("V*", "v1"), ("**", "a/b"), ("a**/b", "a/x/b"), ("v[9-0]", "v5"), ("{v1,v2}", "v1"), ("", "v"), ("v1", "v1.2"),
    ("*" * 400, "v1"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "name"), YES)
def test_it_matches(pattern: str, name: str) -> None:
    assert matches(pattern, name)


@pytest.mark.parametrize(("pattern", "name"), NO)
def test_it_does_not_match(pattern: str, name: str) -> None:
    assert not matches(pattern, name)


def test_a_pattern_of_stars_costs_no_more_than_another() -> None:
    with soon(20):
        assert not matches("*a" * 140 + "b", "a" * 5000)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("v[0-9]+.*", "`+`"), ("!v1", "`!`"), ("v?[0-9]*", "`?`"), ("v[0-9]?.*", "`?`"), ("v[0-9]*.[0-9]*.[0-9]*", ""), ("v*", "")],
)
def test_what_was_meant_otherwise(pattern: str, said: str) -> None:
    assert misread(pattern).startswith(said)
    assert bool(misread(pattern)) is bool(said)
