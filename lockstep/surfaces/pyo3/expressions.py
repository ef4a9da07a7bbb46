"""How the evaluator reads each kind of expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lockstep.surfaces.pyo3.calls import call
from lockstep.surfaces.pyo3.control_flow import for_loop, if_else, let, match_arms, returned, while_loop
from lockstep.surfaces.pyo3.evaluator import Evaluator, ExpressionReader
from lockstep.surfaces.pyo3.functions import python_default
from lockstep.surfaces.pyo3.macro_calls import macro_call
from lockstep.surfaces.pyo3.syntax import expressions, field, path_segments
from lockstep.surfaces.pyo3.values import UNKNOWN, Code, Scope, Series, String, Struct, Value, miss
from lockstep.surfaces.rust_source.items import content
from lockstep.surfaces.rust_source.module_tree import Associated, Item, Module, Space
from lockstep.surfaces.rust_source.tokens import trees, unquote

if TYPE_CHECKING:
    from tree_sitter import Node


_LITERALS = {"integer_literal": "int", "negative_literal": "int", "float_literal": "float", "boolean_literal": "bool", "char_literal": "str"}


def _literal(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    del evaluator, scope
    written = content(node)
    said = unquote(written)
    return String(said) if said is not None else Code(python_default(trees(written)), _LITERALS.get(node.type))


def _series(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return Series(tuple(evaluator.evaluate(one, scope) for one in expressions(node)))


def _field_of(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Give a field: of a tuple, what stands there."""
    value = evaluator.evaluate(field(node, "value"), scope)
    index = content(node.child_by_field_name("field"))
    if isinstance(value, Struct):
        return value.fields.get(index, UNKNOWN)
    return value.values[int(index)] if isinstance(value, Series) and index.isdigit() and int(index) < len(value.values) else UNKNOWN


def _element(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Give what stands at an index; at one that is not known, whichever it is may be a module."""
    base, *rest = (*expressions(node), node)[:2]
    value = evaluator.evaluate(base, scope)
    index = content(rest[0]) if rest else ""
    if isinstance(value, Series) and index.isdigit() and int(index) < len(value.values):
        return value.values[int(index)]
    miss((value,), scope.text.place(node), "which of several modules this is, is not known")
    return UNKNOWN


def _struct(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Give a struct with the values of its fields."""
    fields: dict[str, Value] = {}
    for one in expressions(node.child_by_field_name("body")):
        if one.type == "shorthand_field_initializer":
            fields[content(one)] = scope.variables.get(content(one), UNKNOWN)
        elif one.type == "field_initializer":
            fields[content(one.child_by_field_name("field"))] = evaluator.evaluate(field(one, "value"), scope)
    path = path_segments(content(node.child_by_field_name("name")))
    return Struct((scope.own.name,) if path == ("Self",) and scope.own is not None else path, fields)


def _first(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return evaluator.evaluate_parts(node, scope, index=0)


def _closure(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return evaluator.closure(node, scope)


def _path(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    path = path_segments(content(node))
    if len(path) == 1 and path[0] in scope.variables:
        return scope.variables[path[0]]
    if not path:
        return UNKNOWN
    target = evaluator.program.names.resolve(path, scope.module, Space.VALUES) if path[0] != "Self" else None
    if isinstance(target, Item | Module):
        found = evaluator.names.value(target)
        if not (isinstance(found, Code) and not found.text):
            return found
    if isinstance(target, Associated) or path[0] == "Self":
        owner = target.owner if isinstance(target, Associated) else scope.own
        found_value = evaluator.names.associated_value(owner, path[-1])
        if found_value is not None:
            return found_value
    return Code("::".join(path))


EXPRESSIONS: Mapping[str, ExpressionReader] = {
    "block": Evaluator.block,
    "let_declaration": let,
    "struct_expression": _struct,
    "call_expression": call,
    "macro_invocation": macro_call,
    "closure_expression": _closure,
    "for_expression": for_loop,
    "while_expression": while_loop,
    "return_expression": returned,
    "if_expression": if_else,
    "match_expression": match_arms,
    "field_expression": _field_of,
    "index_expression": _element,
    **dict.fromkeys(("identifier", "scoped_identifier", "self"), _path),
    **dict.fromkeys(("string_literal", "raw_string_literal", *_LITERALS), _literal),
    **dict.fromkeys(("array_expression", "tuple_expression"), _series),
    **dict.fromkeys(("try_expression", "reference_expression", "parenthesized_expression", "expression_statement"), Evaluator.evaluate_parts),
    **dict.fromkeys(("unsafe_block", "async_block", "const_block", "await_expression"), Evaluator.evaluate_parts),
    **dict.fromkeys(("type_cast_expression", "unary_expression", "assignment_expression"), _first),
}
"""How each kind of expression is read; what is not here is looked into for its effects."""
