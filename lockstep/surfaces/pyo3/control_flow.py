"""How the evaluator reads statements that bind, branch, repeat or return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.surfaces.pyo3.evaluator import Evaluator
from lockstep.surfaces.pyo3.syntax import expressions, field, is_error
from lockstep.surfaces.pyo3.values import UNKNOWN, Code, Ended, Scope, Series, Value, holds_module
from lockstep.surfaces.rust_source.conditions import joined
from lockstep.surfaces.rust_source.items import content, macro_arguments, macro_name

if TYPE_CHECKING:
    from tree_sitter import Node


def let(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Bind the names of a `let`; its `else` may end the function."""
    value = node.child_by_field_name("value")
    found = evaluator.evaluate(value, scope) if value is not None else UNKNOWN
    evaluator.bind(node.child_by_field_name("pattern"), found, scope)
    alternative = node.child_by_field_name("alternative")
    if alternative is not None:
        pattern = " ".join(content(node.child_by_field_name("pattern")).split())
        evaluator.maybe(alternative, scope, f"let {pattern}")
    return UNKNOWN


def returned(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """End the function, with an error or without."""
    value = evaluator.evaluate_parts(node, scope)
    scope.ended = Ended.FAILED if any(is_error(one) for one in expressions(node)) else Ended.RETURNED
    return value


def if_else(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Read the branches that may run, each under its condition."""
    condition = field(node, "condition")
    outer = scope.condition
    truth: bool | None = None
    if condition.type == "macro_invocation" and macro_name(condition)[-1:] == ("cfg",):
        truth = scope.module.library.build.holds(macro_arguments(condition))
    elif condition.type == "let_condition":
        evaluator.bind(condition.child_by_field_name("pattern"), evaluator.evaluate(field(condition, "value"), scope), scope)
    else:
        evaluator.evaluate(condition, scope)
    written = " ".join(content(condition).split())
    if condition.type == "boolean_literal":
        truth = written == "true"
    result: Value = UNKNOWN
    ends: list[Ended | None] = [None, None]
    if truth is not False:
        scope.condition = outer if truth else joined(outer, written)
        result, ends[0] = evaluator.branch(field(node, "consequence"), scope)
    alternative = node.child_by_field_name("alternative")
    if alternative is not None and truth is not True:
        scope.condition = outer if truth is False else joined(outer, f"not({written})")
        other, ends[1] = evaluator.branch(alternative, scope)
        result = other if isinstance(other, Code) else result
    scope.condition = outer
    match truth, ends:
        case (True, [ended, _]) | (False, [_, ended]):
            scope.ended = ended
        case _, [Ended() as first, Ended() as second]:
            scope.ended = Ended.FAILED if first is second is Ended.FAILED else Ended.RETURNED
        case _, [Ended.RETURNED, None]:
            scope.rest = joined(scope.rest, f"not({written})")
        case _, [None, Ended.RETURNED]:
            scope.rest = joined(scope.rest, written)
    return result


def match_arms(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Read every arm; the value is that of the first which holds a module, for each of them may be taken."""
    subject = evaluator.evaluate(field(node, "value"), scope)
    results: list[Value] = []
    ends: list[Ended | None] = []
    for arm in field(node, "body").named_children:
        if arm.type == "match_arm":
            pattern = arm.child_by_field_name("pattern")
            evaluator.bind(pattern.named_children[0] if pattern is not None and pattern.named_children else None, subject, scope)
            value = arm.child_by_field_name("value")
            if value is not None:
                result, ended = evaluator.branch(value, scope)
                results.append(result)
                ends.append(ended)
    if ends and all(ends):
        scope.ended = Ended.RETURNED if Ended.RETURNED in ends else Ended.FAILED
    elif Ended.RETURNED in ends:
        scope.rest = joined(scope.rest, f"match {' '.join(content(node.child_by_field_name('value')).split())}")
    return next((one for one in results if holds_module(one)), UNKNOWN)


def for_loop(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Read the body once for each value that is known, or once."""
    series = evaluator.evaluate(field(node, "value"), scope)
    pattern, body = node.child_by_field_name("pattern"), field(node, "body")
    if isinstance(series, Series):
        for value in series.values:
            evaluator.bind(pattern, value, scope)
            evaluator.maybe(body, scope, "the loop goes on")
    else:
        evaluator.bind(pattern, UNKNOWN, scope)
        evaluator.maybe(body, scope, "the loop goes on")
    return UNKNOWN


def while_loop(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Read a loop that may not run at all."""
    evaluator.evaluate(field(node, "condition"), scope)
    return evaluator.maybe(field(node, "body"), scope, f"not({' '.join(content(node.child_by_field_name('condition')).split())})")
