"""Expressions, in whatever spelling."""

from __future__ import annotations

import pytest

from lockstep.workflow.expression import UNKNOWN, ExpressionError, Value, condition, evaluate, functions, parse, references

TAGGED: dict[str, str | bool] = {"github.ref": "refs/tags/v1.0.0", "github.event_name": "push", "github.ref_type": "tag"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("startsWith(github.ref, 'refs/tags/')", True),
        ("!startsWith(GITHUB.REF, 'refs/TAGS/')", False),
        ("github.event_name == 'pull_request' && needs.x.outputs.y", False),
        ("needs.x.outputs.y && github.event_name == 'pull_request'", False),
        ("needs.x.outputs.y || github.ref_type == 'tag'", True),
        ("needs.x.outputs.y", UNKNOWN),
        ("(1 < 2) == true", True),
        ("'it''s' == 'IT''S'", True),
        ("null == ''", True),
        ("contains(github['ref'], 'v1')", True),
        ("!cancelled() && !failure()", True),
        ("fromJSON('true')", True),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(text: str, value: Value) -> None:
    assert evaluate(parse(text), TAGGED) == value


@pytest.mark.parametrize("text", ["always()", "${{ always() }}", "ALWAYS( )", "!cancelled()", "success() || failure()", "(always())"])
def test_a_status_function_is_seen_in_every_spelling(text: str) -> None:
    assert {"always", "cancelled", "failure"} & set(functions(condition(text)))


@pytest.mark.parametrize("text", ["a ==", "(a", "a b", "'x", "f(a,", "!" * 100 + "a", "&&"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_references_have_no_case_and_any_index() -> None:
    assert list(references(parse("Needs['Guard'].outputs.OK && steps.*.x"))) == [("needs", "guard", "outputs", "ok"), ("steps", "*", "x")]
