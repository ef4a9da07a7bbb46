"""Names in syntax: dotted ones, and those that a target binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def dotted(node: ast.expr) -> str:
    """Write a dotted name, subscripts dropped; "" when the expression is none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def plain(node: ast.expr) -> str:
    """Write a dotted name; "" when the expression is none."""
    path = dotted(node)
    return path if not path or not any(isinstance(one, ast.Subscript) for one in within(node)) else ""


def within(node: ast.AST) -> Iterator[ast.AST]:
    """Give a node and all below it in no order that counts: what `ast.walk` gives, in two thirds of its time."""
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        add_children(one, pending)


def add_children(node: ast.AST, pending: list[ast.AST]) -> None:
    """Add the nodes right below a node to a list, as `ast.iter_child_nodes` gives them."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            pending.append(value)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, ast.AST):
                    pending.append(one)  # noqa: PERF401 - most lists have one or two


def parts(targets: list[ast.expr]) -> Iterator[ast.expr]:
    """Give the targets in tuples, lists and behind stars."""
    pending = targets[::-1]
    while pending:
        match pending.pop():
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                pending += elts[::-1]
            case ast.Starred(value=value):
                pending.append(value)
            case target:
                yield target


def targets(target: ast.expr) -> list[str]:
    """Give the names that a target binds."""
    return [one.id for one in parts([target]) if isinstance(one, ast.Name)]


def captures(pattern: ast.pattern) -> Iterator[str]:
    """Give the names that a pattern of `match` binds."""
    for one in ast.walk(pattern):
        if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name:
            yield one.name
        elif isinstance(one, ast.MatchMapping) and one.rest:
            yield one.rest
