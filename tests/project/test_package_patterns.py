"""Names and globs of packages mean what each of them means alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lockstep.config import matches_package
from lockstep.config.package_patterns import PackageNames, PackagePatterns

NAMES = st.text("ab-", min_size=1, max_size=4)
ECOSYSTEMS = st.sampled_from(("cargo", "python"))
PATTERNS = st.builds(lambda ecosystem, pattern: ecosystem + pattern, st.sampled_from(("", "cargo:", "python:", "a:")), st.text("ab-*?[]{,}!:/", max_size=6))


@given(st.lists(PATTERNS, max_size=6), ECOSYSTEMS, NAMES)
def test_the_first_pattern_that_means_a_package_is_found(patterns: list[str], ecosystem: str, name: str) -> None:
    expected = next((number for number, pattern in enumerate(patterns) if matches_package(pattern, ecosystem, name)), None)
    assert PackagePatterns(patterns).first(ecosystem, name) == expected


@given(PATTERNS, st.lists(st.tuples(ECOSYSTEMS, NAMES), max_size=6))
def test_a_pattern_means_a_package_that_is_there(pattern: str, packages: list[tuple[str, str]]) -> None:
    assert PackageNames(packages).has(pattern) is any(matches_package(pattern, ecosystem, name) for ecosystem, name in packages)
