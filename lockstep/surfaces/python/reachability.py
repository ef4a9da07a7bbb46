"""Which branches run when a module is imported, as far as their conditions decide it alone."""

from __future__ import annotations

import ast


def is_main(test: ast.expr) -> bool:
    """Say whether a condition is that the module is run as a program: nobody who imports it has what is bound there."""
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__" and isinstance(test.ops[0], ast.Eq)


def truth_of(test: ast.expr) -> bool | None:
    """Say what a condition that is written as a constant decides, None for any other."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand) if (truth := truth_of(operand)) is not None:
            return not truth
    return None
