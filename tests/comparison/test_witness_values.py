"""A witness is code that worked before: a default is repeated where it is a literal, and nothing is made up."""

from __future__ import annotations

import pytest

from lockstep.comparison.witness import MANY, arguments
from lockstep.surface import Parameter, ParameterKind, Signature


@pytest.mark.parametrize(
    ("default", "written"),
    [
        ("1", "1"),
        ("-2.5", "-2.5"),
        ("'utf-8'", "'utf-8'"),
        ("True", "True"),
        ("[]", "[]"),
        ("(1, 2)", "(1, 2)"),
        ("dict", "given"),
        ("DEFAULT", "given"),
        ("_missing", "given"),
        ("Mode.FAST", "given"),
        ("set()", "set()"),
        ("None", "given"),
        ("...", "given"),
    ],
)
def test_a_default_that_is_no_literal_is_a_variable(default: str, written: str) -> None:
    given = Parameter(name="given", kind=ParameterKind.POSITIONAL_OR_KEYWORD, default=default)
    last = Parameter(name="last", kind=ParameterKind.POSITIONAL_OR_KEYWORD, default="0")
    assert arguments(Signature(parameters=(given, last)), up_to="last") == f"{written}, 0"


def test_a_call_of_very_many_parameters_is_code() -> None:
    many = tuple(Parameter(name=f"p{number}", kind=ParameterKind.POSITIONAL_OR_KEYWORD) for number in range(MANY + 1))
    assert arguments(Signature(parameters=many), by_name=frozenset({"p7"})) == "*others, p7=p7"
