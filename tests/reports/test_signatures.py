"""Long signatures are told apart by what differs."""

from __future__ import annotations

import pytest

from lockstep.reports.signatures import shortened

LONG = "def boil(egg: Egg, minutes: int = 3, *, {}water: Water[int, str] = Water(1, 2), salt: bool = False, {}stove: Stove | None = None) -> Egg"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("def a(b)", "def a(c)", ("def a(b)", "def a(c)")),
        ("def a(b)", "def a(b)", ("", "")),
        (None, "def a(b)", ("", "def a(b)")),
        ("def a(b)", None, ("def a(b)", "")),
        (LONG.format("", ""), LONG.format("", "heat: int = 3, "), ("def boil(...) -> Egg", "def boil(..., heat: int = 3, ...) -> Egg")),
        (LONG.format("pan: int, ", ""), LONG.format("pot: int, ", ""), ("def boil(..., pan: int, ...) -> Egg", "def boil(..., pot: int, ...) -> Egg")),
        ("x" * 120, "y" * 120, ("x" * 120, "y" * 120)),
    ],
)
def test_what_differs_is_shown(old: str | None, new: str | None, shown: tuple[str, str]) -> None:
    assert shortened(old, new) == shown
