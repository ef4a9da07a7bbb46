"""A function with more overloads than can be compared says so, and once."""

from __future__ import annotations

import pytest

from lockstep.rules import judge_surfaces
from lockstep.rules.compat import Comparison, overload_removed
from lockstep.surface import Surface
from lockstep.versions.version import Version
from tests.rules.compat.measure import surface

CLASSES = "".join(f"class {letter}{number}: ...\n" for letter in "CD" for number in range(6))


def spam(letter: str) -> Surface:
    overloads = "".join(f"@overload\ndef f(a: {letter}{number}) -> None: ...\n" for number in range(6))
    text = f"from typing import overload\n{CLASSES}{overloads}def f(a): ...\n"
    return surface({"pyproject.toml": '[project]\nname = "spam"\nversion = "1.2.3"\n', "spam/__init__.py": text})


def said(before: str, after: str) -> list[str]:
    found = judge_surfaces(Comparison(base=spam(before), head=spam(after), version=Version.read("1.2.3")))
    return [one.message for one in found if one.rule == "overload-removed"]


def test_every_overload_that_nothing_takes_over_is_told() -> None:
    assert said("C", "D") == [f"no overload of spam.f takes what (a: C{number}) took" for number in range(6)]


def test_those_that_were_not_compared_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overload_removed, "MOST_COMPARED", 15)
    assert said("C", "D") == [
        "no overload of spam.f takes what (a: C0) took",
        "no overload of spam.f takes what (a: C1) took",
        "spam.f has too many overloads to compare all: who takes the calls of 4 old ones is not known",
    ]
    assert said("C", "C") == []
