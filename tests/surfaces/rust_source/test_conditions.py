from __future__ import annotations

import pytest

from lockstep.surfaces.rust_source.attributes import judged
from lockstep.surfaces.rust_source.conditions import Build, Truth, spelled
from lockstep.surfaces.rust_source.tokens import trees

BUILD = Build(features=frozenset({"on"}), given=frozenset({"Py_3_9"}), uncertain=frozenset({"maybe"}))


@pytest.mark.parametrize(
    ("predicate", "truth"),
    [
        ('feature = "on"', True),
        ('feature = "off"', False),
        ("unix", True),
        ("windows", False),
        ('target_os = "linux"', True),
        ('target_os = "macos"', False),
        ("test", False),
        ("Py_3_9", True),
        ("maybe", None),
        ("never", False),
        ("not(maybe)", None),
        ('any(maybe, feature = "on")', True),
        ("any(maybe, windows)", None),
        ("all(maybe, windows)", False),
        ("all(maybe, unix)", None),
        ("all()", True),
        ("any()", False),
        ("not(not(unix))", True),
        ("all(unix, any(windows, not(maybe)))", None),
        ('version = "1"', None),
    ],
)
def test_a_predicate_has_three_values(predicate: str, truth: Truth) -> None:
    assert BUILD.holds(trees(predicate)) is truth


def test_a_predicate_is_spelled_for_readers() -> None:
    assert spelled(trees('all( feature="a" , not(maybe) )')) == 'all(feature = "a", not(maybe))'


def test_attributes_are_unfolded_and_judged() -> None:
    found = judged(['cfg_attr(feature = "on", pyclass(name = "X"), doc = "y")', 'cfg_attr(feature = "off", pymethods)', "cfg(maybe)"], BUILD)
    assert found is not None
    assert [one.name for one in found.all] == ["pyclass", "doc"]
    assert found.condition == "maybe"
    assert judged(['cfg(feature = "off")'], BUILD) is None
    assert judged(["unsafe(no_mangle)"], BUILD) == judged(["no_mangle"], BUILD)
