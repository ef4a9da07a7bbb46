"""How the evaluator reads the calls of macros: PyO3's own, those of the standard library, and those of the repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.surfaces.pyo3.evaluator import DEEPEST, Evaluator
from lockstep.surfaces.pyo3.options import constant_text
from lockstep.surfaces.pyo3.syntax import path_segments
from lockstep.surfaces.pyo3.values import UNKNOWN, Code, Draft, Ended, Scope, String, Value, miss
from lockstep.surfaces.rust_source.items import Text, content, macro_arguments, macro_name, parse
from lockstep.surfaces.rust_source.macros import OpaqueError
from lockstep.surfaces.rust_source.module_tree import Item, Module
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, names, split, write

if TYPE_CHECKING:
    from tree_sitter import Node


_HARMLESS = {
    "println", "eprintln", "debug", "info", "assert", "debug_assert", "panic", "dbg", "matches", "cfg", "compile_error", "todo", "write",
}  # fmt: skip
"""Macros of the standard library, and of loggers, that do nothing to a module."""


def macro_call(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Give the value of a macro call; one of the repository is expanded and evaluated."""
    path, arguments = macro_name(node), macro_arguments(node)
    match path[-1:]:
        case ("wrap_pyfunction" | "wrap_pyfunction_bound" | "wrap_pymodule",):
            return _wrapped(evaluator, arguments, scope)
        case ("stringify" | "concat" | "intern" | "c_str",):
            said = constant_text((Token(path[-1]), Token("!"), Group("(", arguments)))
            if said is None and path[-1] in ("intern", "concat"):
                return _texts(evaluator, arguments, scope, joining=path[-1] == "concat")
            return String(said) if said is not None else UNKNOWN
        case ("vec",):
            return _evaluate_text(evaluator, f"[{write(arguments)}]", node, scope)
        case ("env" | "option_env" | "format",):
            return Code(content(node), "str")
        case ("panic" | "todo" | "unimplemented" | "unreachable",):
            scope.ended = Ended.FAILED
            return UNKNOWN
    if path == ("include",):
        miss(scope.variables.values(), scope.text.place(node), "the code that include! brings here is not read")
    if not evaluator.program.macros.defines(scope.module, path):
        return _unknown_macro(node, path, arguments, scope)
    try:
        expanded = evaluator.program.macros.expand(path, arguments, scope.module)
    except OpaqueError as error:
        _miss_named(arguments, scope, node, str(error))
        return UNKNOWN
    return _evaluate_text(evaluator, expanded.written(whole=True), node, scope)


def _texts(evaluator: Evaluator, arguments: Sequence[Tree], scope: Scope, *, joining: bool) -> Value:
    found = [_evaluate_text(evaluator, write(part), None, scope) for part in split(arguments)]
    if joining:
        return String("".join(one.text for one in found if isinstance(one, String))) if all(isinstance(one, String) for one in found) else UNKNOWN
    return found[-1] if found else UNKNOWN


def _evaluate_text(evaluator: Evaluator, source: str, node: Node | None, scope: Scope) -> Value:
    """Evaluate Rust text where an expression or statements stand."""
    if scope.text.depth > DEEPEST:
        for draft in evaluator.drafts:
            draft.miss(scope.text.place(node) if node is not None else draft.place, "macros call macros too deeply", cut=True)
        return UNKNOWN
    root = parse(f"fn expanded() {{ {source}\n }}").root
    function = next((one for one in root.named_children if one.type == "function_item"), None)
    body = function.child_by_field_name("body") if function is not None else None
    if body is None:
        return UNKNOWN
    outer = scope.text
    line = outer.line if outer.line is not None or node is None else node.start_point[0] + 1
    scope.text = Text(path=outer.path, line=line, depth=outer.depth + 1)
    if scope.module.block:
        evaluator.program.declare_more(scope.module, body, scope.text)
    else:
        scope.module = evaluator.program.inside_function(scope.module, body, scope.text)
    try:
        return evaluator.block(body, scope)
    finally:
        scope.text = outer


def _unknown_macro(node: Node, path: tuple[str, ...], arguments: Sequence[Tree], scope: Scope) -> Value:
    if path[-1] not in _HARMLESS:
        _miss_named(arguments, scope, node, f"{path[-1]}! is not defined in the repository")
    return Code(content(node))


def _miss_named(arguments: Sequence[Tree], scope: Scope, node: Node, why: str) -> None:
    """Tell the modules that a macro names that something may have happened to them."""
    for name in names(arguments):
        value = scope.variables.get(name)
        if isinstance(value, Draft):
            value.miss(scope.text.place(node), why)


def _wrapped(evaluator: Evaluator, arguments: Sequence[Tree], scope: Scope) -> Value:
    parts = split(arguments)
    path = path_segments(write(parts[0])) if parts else ()
    if len(path) == 1 and path[0] in scope.variables:
        return scope.variables[path[0]]
    found = evaluator.names.find(path, scope.module) if path else None
    match found:
        case Item() | Module():
            return evaluator.names.value(found)
    return Code(f"{'::'.join(path)}", "unresolved")
