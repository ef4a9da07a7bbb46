"""Loops over what stands there, written out: `for name in ("a", "b"): setattr(C, name, 1)`."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping

_IN_ROUNDS = (ast.Assign, ast.AugAssign, ast.Expr, ast.For, ast.If, ast.Pass)
"""Statements of a loop that is written out: none of them leaves it."""
MOST = 20_000
"""Pieces of syntax that the loops of a module are written out to."""


def rounds(loop: ast.For, left: int = MOST) -> tuple[list[ast.stmt], int] | None:
    """Write out a loop over what stands there: its statements, each with the values of each round, and how many pieces of syntax they are.

    None where that cannot be done, or where they are more than are `left`.
    """
    inner = [node for line in loop.body for node in ast.walk(line)]
    if not isinstance(loop.iter, ast.Tuple | ast.List) or loop.orelse or not all(isinstance(line, _IN_ROUNDS) for line in inner if isinstance(line, ast.stmt)):
        return None
    named = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    if any(isinstance(node, ast.Name) and node.id in named and not isinstance(node.ctx, ast.Load) for node in inner):
        return None
    if (size := len(loop.iter.elts) * len(inner)) > left:
        return None
    found: list[ast.stmt] = []
    for value in loop.iter.elts:
        match loop.target, value:
            case ast.Name(id=name), ast.expr() if not isinstance(value, ast.Starred):
                given = {name: value}
            case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values) and all(isinstance(target, ast.Name) for target in targets):
                given = {target.id: each for target, each in zip(targets, values, strict=True) if isinstance(target, ast.Name)}
            case _:
                return None
        found += [_Given(given).visit(copy.deepcopy(line)) for line in loop.body]
    return found, size


class _Given(ast.NodeTransformer):
    """Puts values where the names of a loop are read."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace one name."""
        return self._values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node
