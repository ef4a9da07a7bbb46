"""What conditions say before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lockstep.text.yaml import Scalar
from lockstep.workflow.expression import (
    STATUS,
    UNKNOWN,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Operation,
    Reference,
    condition,
    embedded,
    evaluate,
    functions,
    truthy,
)
from lockstep.workflow.model import Job


@lru_cache(maxsize=4096)
def parsed(scalar: Scalar) -> Expression | None:
    """Parse a condition; None for one that is no expression."""
    try:
        return condition(scalar.text)
    except ExpressionError:
        return None


def decided(scalar: Scalar, known: Mapping[str, str | bool]) -> bool | None:
    """Give what a condition is, as far as that is known."""
    one = parsed(scalar)
    if one is None:
        return None
    value = evaluate(one, known)
    return None if not isinstance(value, str | float | bool | None) else truthy(value)


def bypasses(job: Job, scalar: Scalar) -> tuple[str, ...]:
    """Give the status functions of a job's condition; none where the condition itself is false as soon as one of its needs failed."""
    one = parsed(scalar)
    found = tuple(sorted({*functions(one)} & STATUS))
    if not found or one is None or not job.stated:
        return found
    names = [need.text.lower() for need in job.stated]
    for bad in ("failure", "cancelled"):
        for failed in names:
            results = {f"needs.{name}.result": bad if name == failed else "success" for name in names}
            if evaluate(one, {**results, "needs.*.result": f"success {bad}"}) is not False:
                return found
    return ()


def compared(one: Expression | None, contexts: tuple[str, ...] = ("needs",)) -> Iterator[tuple[str, str]]:
    """Give the outputs that an expression compares with a text, each with the text: those of jobs, or of other contexts."""
    match one:
        case (
            Operation(operator="==" | "!=", operands=(Reference(parts=parts), Literal(value=str(value))))
            | Operation(operator="==" | "!=", operands=(Literal(value=str(value)), Reference(parts=parts)))
        ):
            if parts[0] in contexts:
                yield ".".join(parts), value
        case Operation(operands=inner) | Call(arguments=inner):
            for each in inner:
                yield from compared(each, contexts)
        case _:
            pass


def required(one: Expression | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give what must have which text for an expression to be true."""
    match one:
        case Operation(operator="&&", operands=inner):
            for each in inner:
                yield from required(each)
        case (
            Operation(operator="==", operands=(Reference(parts=parts), Literal(value=str(value))))
            | Operation(operator="==", operands=(Literal(value=str(value)), Reference(parts=parts)))
        ):
            yield parts, value
        case _:
            pass


def begun_with(one: Expression | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the contexts that an expression wants to begin with a text, each with the text."""
    match one:
        case Call(name="startswith", arguments=(Reference(parts=parts), Literal(value=str(value)))):
            yield parts, value
        case Operation(operands=inner) | Call(arguments=inner):
            for each in inner:
                yield from begun_with(each)
        case _:
            pass


def always_true(scalar: Scalar) -> bool:
    """Say whether a condition is a text around `${{ }}`, which GitHub takes for true whatever stands in it."""
    one = parsed(scalar)
    return isinstance(one, Literal) and isinstance(one.value, str) and "${{" in one.value


def names_the_run(scalar: Scalar, known: Mapping[str, str | bool]) -> bool:
    """Say whether a text surely holds the number of its run, which no other run has."""
    return any(one is not None and _is_of_the_run(one, known) for _, one in embedded(scalar.text))


def _is_of_the_run(one: Expression, known: Mapping[str, str | bool]) -> bool:
    match one:
        case Reference(parts=parts):
            return parts in (("github", "run_id"), ("github", "run_number"))
        case Call(name="format", arguments=(Literal(value=str(pattern)), *inner)):
            return any(f"{{{number}}}" in pattern and _is_of_the_run(each, known) for number, each in enumerate(inner))
        case Operation(operator="&&" | "||" as operator, operands=(left, right)):
            value = evaluate(left, known)
            if value is UNKNOWN:
                return _is_of_the_run(left, known) and (operator == "||" or _is_of_the_run(right, known))
            return truthy(value) is (operator == "&&") and _is_of_the_run(right, known)
        case _:
            return False
