"""Dependency groups that include others."""

from __future__ import annotations

from lockstep.locks.uv_groups import group_pythons, group_requirements
from lockstep.text.toml import Table


def include(*names: str) -> list[object]:
    return [{"include-group": name} for name in names]


def test_a_group_has_what_it_includes_once_in_whatever_order() -> None:
    groups: Table = {"a": [*include("C", "b"), "x"], "c": [*include("b"), "y"], "b": ["z"]}
    assert group_requirements(groups, {}, "a") == ["z", "y", "x"]
    assert group_requirements(groups, {}, "c") == ["z", "y"]


def test_each_group_on_the_way_adds_its_pythons() -> None:
    settings: Table = {"a": {"requires-python": ">=3.9"}, "b": {"requires-python": ">=3.10"}}
    groups: Table = {"a": include("b"), "b": ["z"]}
    [found] = group_requirements(groups, settings, "a")
    assert found.startswith("z; ")
    assert "3.9" in found
    assert "3.10" in found
    assert len(group_pythons(groups, settings, "a")) == 2


def test_groups_that_include_themselves_end() -> None:
    groups: Table = {"a": [*include("b"), "x"], "b": [*include("a"), "y"]}
    assert group_requirements(groups, {}, "a") == ["y", "x"]
    assert group_pythons(groups, {}, "a") == frozenset()


def test_groups_that_include_the_next_one_twice_end() -> None:
    groups: Table = {**{f"g{number}": include(f"g{number + 1}", f"g{number + 1}") for number in range(2000)}, "g2000": ["z"]}
    assert group_requirements(groups, {}, "g0") == ["z"]
    assert group_pythons(groups, {"g2000": {"requires-python": ">=3.9"}}, "g0") != frozenset()
