"""Dotted names in syntax."""

from __future__ import annotations

import ast


def dotted(node: ast.expr) -> str:
    """Write a dotted name, subscripts dropped; "" when the expression is none."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{above}.{name}" if (above := dotted(value)) else ""
        case ast.Subscript(value=value):
            return dotted(value)
    return ""


def plain(node: ast.expr) -> str:
    """Write a dotted name; "" when the expression is none."""
    return "" if any(isinstance(one, ast.Subscript) for one in ast.walk(node)) else dotted(node)
