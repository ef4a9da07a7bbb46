"""Requirements as intervals: what they admit is what packaging and our reading of Cargo's grammar say, version by version."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version as PyVersion

from lockstep.errors import VersionError
from lockstep.versions.pep508 import admitted_ranges, read_requirement
from lockstep.versions.ranges import ANY, Key, Range, at_least, cap_lowered, cargo, disjoint, floor_raised, python
from lockstep.versions.requirement import satisfies, semver_order
from lockstep.versions.version import Spelling, Version

NUMBERS = st.integers(min_value=0, max_value=3)
RELEASES = st.lists(NUMBERS, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
FULL = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda parts: ".".join(map(str, parts)))
CARGO = st.lists(st.tuples(st.sampled_from(["", "^", "~", "=", ">", ">=", "<", "<="]), RELEASES).map("".join), min_size=1, max_size=2).map(", ".join)
PYTHON = st.lists(st.tuples(st.sampled_from(["==", ">=", "<=", ">", "<"]), RELEASES).map("".join), min_size=1, max_size=2).map(",".join)


def within(found: Range, key: Key) -> bool:
    low = found.low is None or key > found.low.key or (found.low.inclusive and key == found.low.key)
    return low and (found.high is None or key < found.high.key or (found.high.inclusive and key == found.high.key))


@settings(deadline=None)
@given(requirement=CARGO, version=FULL)
def test_a_cargo_requirement_admits_what_its_interval_holds(requirement: str, version: str) -> None:
    read = Version.read(version)
    assert within(cargo(requirement), semver_order(read)) == satisfies(requirement, Spelling.CARGO_REQUIREMENT, read)


@settings(deadline=None)
@given(requirement=PYTHON, version=FULL)
def test_a_python_requirement_admits_what_its_interval_holds(requirement: str, version: str) -> None:
    assert within(python(requirement), (PyVersion(version),)) == SpecifierSet(requirement).contains(version, prereleases=True)


@pytest.mark.parametrize("requirement", ["~=1.4.2", "==1.4.*", "~=2.2", ">=1.4,==1.*"])
def test_a_python_requirement_with_a_fixed_beginning(requirement: str) -> None:
    for version in ("1.3", "1.4.1", "1.4.2", "1.4.9", "1.5", "2.2", "2.9", "3.0"):
        assert within(python(requirement), (PyVersion(version),)) == SpecifierSet(requirement).contains(version, prereleases=True), version


@settings(deadline=None)
@given(old=CARGO, new=CARGO)
def test_what_differs_is_seen_from_both_sides(old: str, new: str) -> None:
    one, other = cargo(old), cargo(new)
    assert disjoint(one, other) == disjoint(other, one)
    assert not (floor_raised(one, other) and floor_raised(other, one))
    assert not (cap_lowered(one, other) and cap_lowered(other, one))
    assert not floor_raised(one, one)
    assert not cap_lowered(one, one)


@pytest.mark.parametrize(("old", "new", "raised"), [("1.70", "1.70.0", False), ("1.70", "1.70.1", True), ("1.9", "1.10", True), ("1.10", "1.9", False)])
def test_toolchains_compare_as_versions(old: str, new: str, raised: bool) -> None:  # noqa: FBT001 - a table
    assert floor_raised(at_least(old), at_least(new)) is raised


@pytest.mark.parametrize("text", ["===foo", ">=1.x.y", "not a version"])
def test_what_is_no_requirement_is_an_error(text: str) -> None:
    with pytest.raises(VersionError):
        python(text)


def test_markers_count_where_both_releases_meet() -> None:
    old = "numpy>=1.22; python_version < '3.10'\nnumpy>=1.26; python_version >= '3.10'"
    new = "numpy>=1.26"
    assert any(floor_raised(*pair) for pair in admitted_ranges(old, new, ANY))
    assert not any(floor_raised(*pair) for pair in admitted_ranges(old, new, python(">=3.10")))
    assert list(admitted_ranges(old, old, ANY)) == []


def test_a_name_is_compared_as_pep_503_does() -> None:
    assert read_requirement("Typing_Extensions[x] >= 4.0; sys_platform == 'win32'").name == "typing-extensions"
    with pytest.raises(VersionError):
        read_requirement("a b c")
