"""The names of artifacts."""

from __future__ import annotations

import pytest

from lockstep.workflow.artifacts import meets


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a-*", "a-b", True), ("a-*", "b-*", False), ("*-b", "a-*", True), ("dist", "dist", True), ("wheels-*", "extra-wheels-*", False), ("*", "", True)],
)
def test_patterns_meet(one: str, other: str, *, same: bool) -> None:
    assert meets(one, other) is meets(other, one) is same
