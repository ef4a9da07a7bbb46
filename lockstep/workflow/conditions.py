"""What conditions say before anything runs, and what may start a workflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Node, Scalar, Sequence, texts
from lockstep.workflow.expression import STATUS, Call, Expression, ExpressionError, Literal, Operation, Reference, condition, evaluate, functions, truthy
from lockstep.workflow.model import Job, Workflow
from lockstep.workflow.records import Moment

TAG = "v1.2.3"


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


def compared(one: Expression | None) -> Iterator[tuple[str, str]]:
    """Give the outputs that an expression compares with a text, each with the text."""
    match one:
        case (
            Operation(operator="==" | "!=", operands=(Reference(parts=parts), Literal(value=str(value))))
            | Operation(operator="==" | "!=", operands=(Literal(value=str(value)), Reference(parts=parts)))
        ):
            if parts[0] == "needs":
                yield ".".join(parts), value
        case Operation(operands=inner) | Call(arguments=inner):
            for each in inner:
                yield from compared(each)
        case _:
            pass


def always_true(scalar: Scalar) -> bool:
    """Say whether a condition is a text around `${{ }}`, which GitHub takes for true whatever stands in it."""
    one = parsed(scalar)
    return isinstance(one, Literal) and isinstance(one.value, str) and "${{" in one.value


def moments_of(workflow: Workflow) -> Iterator[Moment]:
    """Give what may start a workflow, and what is known then."""
    tagged: dict[str, str | bool] = {"github.event.pull_request": False, "github.ref": f"refs/tags/{TAG}", "github.ref_name": TAG, "github.ref_type": "tag"}
    for name, node in workflow.triggers.items():
        known: dict[str, str | bool] = {"github.event_name": name}
        if name == "push":
            filters = set(node.entries) if isinstance(node, Map) else set()
            if filters & {"tags", "tags-ignore"} or not filters & {"branches", "branches-ignore"}:
                yield Moment("tag", {**known, **tagged, "inputs": False})
            if filters & {"branches", "branches-ignore"} or not filters & {"tags", "tags-ignore"}:
                yield Moment("branch", {**known, "github.ref_type": "branch", "github.ref": "refs/heads/main", "github.ref_name": "main", "inputs": False})
        elif name == "release":
            yield Moment("release", {**known, **tagged, "inputs": False})
        elif name in ("workflow_call", "workflow_dispatch"):
            yield Moment(name, known if name == "workflow_dispatch" else {})
        else:
            ref = "refs/pull/1/merge" if name == "pull_request" else "refs/heads/main"
            asked = name.startswith("pull_request")
            yield Moment(name, {**known, "github.ref_type": "branch", "github.ref": ref, "inputs": False, "github.event.pull_request": asked})


def possible_values(node: Node | None, keys: tuple[str, ...]) -> Iterator[str]:
    """Give the values that a matrix has under keys."""
    if not isinstance(node, Map):
        return
    rows: list[Node] = []
    for source in (node.get(keys[0]), node.get("include")):
        if isinstance(source, Sequence):
            rows += [
                item if source is node.get(keys[0]) else inner for item in source.items for inner in _inner(item, keys[0], whole=source is node.get(keys[0]))
            ]
    for row in rows:
        value: Node | None = row
        for key in keys[1:]:
            value = value.get(key) if isinstance(value, Map) else None
        yield from (one.text for one in texts(value))


def _inner(item: Node, key: str, *, whole: bool) -> Iterator[Node]:
    if whole:
        yield item
    elif isinstance(item, Map) and (found := item.get(key)) is not None:
        yield found
