"""Go's types written one way: without names of parameters, without blanks that mean nothing, `any` for the empty interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lockstep.surface import Parameter, ParameterKind

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 100
_LISTS = frozenset({"parameter_list", "type_parameter_list"})


def text(node: Node) -> str:
    """Give the source of a node."""
    return (node.text or b"").decode(errors="replace")


def spelled(node: Node | None, depth: int = 0) -> str:
    """Write a type; one that nests more than DEEPEST levels is kept as it is written."""
    if node is None:
        return ""
    if depth > DEEPEST:
        return text(node)
    if node.type == "parameter_list":
        return f"({', '.join(one.annotation or '' for one in parameters(node, depth + 1))})"
    if node.type in ("comment", "raw_string_literal"):
        return ""
    if node.type == "parenthesized_type" and node.named_child_count == 1:
        return spelled(node.named_children[0], depth + 1)
    if not node.children:
        return text(node)
    if node.type == "interface_type" and not node.named_children:
        return "any"
    out = ""
    for child in node.children:
        piece = "; " if child.type in ("\n", ";") else spelled(child, depth + 1)
        apart = out and piece and _is_word(piece[0]) and (_is_word(out[-1]) or (out[-1] == ")" and node.type in ("function_type", "method_elem")))
        out += f" {piece}" if apart or (out.endswith(")") and piece.startswith("(") and node.type == "function_type") else piece
    return out


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def parameters(node: Node | None, depth: int = 0) -> Iterator[Parameter]:
    """Give what a list declares, a type for each name; results are written in a list or alone."""
    if node is None:
        return
    if node.type not in _LISTS:
        yield Parameter(name="", kind=ParameterKind.POSITIONAL, annotation=spelled(node, depth))
        return
    for one in node.named_children:
        if one.type not in ("parameter_declaration", "variadic_parameter_declaration", "type_parameter_declaration"):
            continue
        annotation = spelled(one.child_by_field_name("type"), depth)
        variadic = one.type == "variadic_parameter_declaration"
        kind = ParameterKind.VAR_POSITIONAL if variadic else ParameterKind.POSITIONAL
        names = [text(name) for name in one.children_by_field_name("name")]
        for name in names or [""]:
            yield Parameter(name=name, kind=kind, annotation=f"...{annotation}" if variadic else annotation)


def result(node: Node | None) -> str:
    """Write what a function gives: nothing, one type, or several in parentheses."""
    types = [one.annotation or "" for one in parameters(node)]
    return types[0] if len(types) == 1 else f"({', '.join(types)})" if types else ""
