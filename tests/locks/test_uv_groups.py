"""Dependency groups that include others."""

from __future__ import annotations

import pytest

from lockstep.errors import ManifestError
from lockstep.locks import uv_groups
from lockstep.locks.uv_groups import Groups
from lockstep.text.toml import Table


def include(*names: str) -> list[object]:
    return [{"include-group": name} for name in names]


def test_a_group_has_what_it_includes_once_in_whatever_order() -> None:
    groups: Table = {"a": [*include("C", "b"), "x"], "c": [*include("b"), "y"], "b": ["z"]}
    assert Groups("a", groups, {}).requirements("a") == ["z", "y", "x"]
    assert Groups("a", groups, {}).requirements("c") == ["z", "y"]


def test_each_group_on_the_way_adds_its_pythons() -> None:
    settings: Table = {"a": {"requires-python": ">=3.9"}, "b": {"requires-python": ">=3.10"}}
    groups: Table = {"a": include("b"), "b": ["z"]}
    [found] = Groups("a", groups, settings).requirements("a")
    assert found.startswith("z; ")
    assert "3.9" in found
    assert "3.10" in found
    assert len(Groups("a", groups, settings).pythons("a")) == 2


def test_groups_that_include_themselves_end() -> None:
    groups: Table = {"a": [*include("b"), "x"], "b": [*include("a"), "y"]}
    assert Groups("a", groups, {}).requirements("a") == ["y", "x"]
    assert Groups("a", groups, {}).pythons("a") == frozenset()


def test_groups_that_include_the_next_one_twice_end() -> None:
    groups: Table = {**{f"g{number}": include(f"g{number + 1}", f"g{number + 1}") for number in range(2000)}, "g2000": ["z"]}
    assert Groups("a", groups, {}).requirements("g0") == ["z"]
    assert Groups("a", groups, {"g2000": {"requires-python": ">=3.9"}}).pythons("g0") != frozenset()


def test_what_a_group_holds_is_found_once_for_all_that_include_it() -> None:
    groups: Table = {**{f"g{number}": [*include(f"g{number + 1}"), f"a{number}"] for number in range(500)}, "g500": ["z"]}
    known = Groups("a", groups, {})
    assert [len(known.requirements(f"g{number}")) for number in range(501)] == list(range(501, 0, -1))


def test_groups_of_a_circle_are_each_read_from_where_one_begins() -> None:
    known = Groups("a", {"a": [*include("b"), "x"], "b": [*include("a"), "y"], "c": [*include("a"), "z"]}, {})
    assert (known.requirements("c"), known.requirements("b"), known.requirements("a")) == (["y", "x", "z"], ["x", "y"], ["y", "x"])


def test_groups_that_hold_too_much_are_told_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv_groups, "MOST_STEPS", 100)
    with pytest.raises(ManifestError, match="include each other 100 times and more") as error:
        Groups("pyproject.toml", {**{f"g{one}": include(f"g{one + 1}", f"g{one + 1}") for one in range(200)}, "g200": ["z"]}, {}).requirements("g0")
    assert error.value.path == "pyproject.toml"
