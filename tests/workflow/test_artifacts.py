"""The names of artifacts."""

from __future__ import annotations

import pytest

from lockstep.workflow.artifacts import may_coincide


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a-*", "a-b", True), ("a-*", "b-*", False), ("*-b", "a-*", True), ("dist", "dist", True), ("wheels-*", "extra-wheels-*", False), ("*", "", True)],
)
def test_patterns_meet(one: str, other: str, *, same: bool) -> None:
    assert may_coincide(one, other) is may_coincide(other, one) is same
