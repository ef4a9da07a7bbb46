"""The labels themselves: each is whole, and each pair is Python."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.rules.compat.labels import Case, Label, cases

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
NEWEST = (3, 13)
"""Type parameters with a default (PEP 696) are syntax since then."""


@every_case
def test_a_case_is_whole(case: Case) -> None:
    assert (case.symbol is None) is (case.label is Label.NONE)
    assert case.before
    assert case.after
    assert (case.before != case.after) is (case.name != "reexport-circular")
    for text in (*case.before.values(), *case.after.values()) if sys.version_info >= NEWEST else ():
        ast.parse(text)


def test_there_is_enough_of_each_label() -> None:
    assert {label: sum(case.label is label for case in CASES) >= 20 for label in Label} == dict.fromkeys(Label, True)
