"""The syntax tree that griffe sees: what is defined where, without the expressions, which are read here.

griffe would resolve the names in them while the modules that they lead to are not read yet; and most of its time goes there.
"""

from __future__ import annotations

import ast
import copy
from typing import ClassVar, TypeVar

from lockstep.surfaces.python.reachability import is_main, truth_of

Node = TypeVar("Node", bound=ast.AST)


def reduce_to_skeleton(body: list[ast.stmt]) -> None:
    """Put copies without expressions in the place of definitions, in every block of a body; `whole` gives the definition behind each."""
    for i, one in enumerate(body):
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                body[i] = _function(one)
            case ast.ClassDef():
                reduce_to_skeleton(one.body)
                body[i] = _stripped(one, bases=[], keywords=[], type_params=[])
            case ast.Assign():
                body[i] = _stripped(one, value=_ellipsis(one.value))
            case ast.AnnAssign():
                body[i] = _stripped(one, annotation=_ellipsis(one.annotation), value=None if one.value is None else _ellipsis(one.value))
            case _ if type(one).__name__ == "TypeAlias":  # PEP 695, since Python 3.12
                body[i] = _stripped(one, type_params=[], value=_ellipsis(one))
            case ast.If():
                truth = truth_of(one.test)
                if is_main(one.test) or truth is False:
                    one.body = []
                elif truth:
                    one.orelse = []
                body[i] = _choice(one, one.body, one.orelse)
            case _:
                for block in _blocks(one):
                    reduce_to_skeleton(block)
                if handlers := getattr(one, "handlers", None):
                    handlers[:] = [_choice(handler, handler.body, []) for handler in handlers]


class Choice(ast.stmt):
    """An `if` or an `except`, under a name that griffe does not know: it would drop what a name is bound to a second time there."""

    _fields = ("body", "orelse")
    _field_types: ClassVar = {"body": list[ast.stmt], "orelse": list[ast.stmt]}  # asked for since Python 3.13
    body: list[ast.stmt]
    orelse: list[ast.stmt]
    whole: ast.AST


def _choice(one: ast.If | ast.ExceptHandler, body: list[ast.stmt], orelse: list[ast.stmt]) -> Choice:
    reduce_to_skeleton(body)
    reduce_to_skeleton(orelse)
    choice = Choice()
    choice.body, choice.orelse, choice.whole = body, orelse, one
    return ast.copy_location(choice, one)


def whole(node: ast.AST) -> ast.AST:
    """Give the definition that a copy in the skeleton stands for."""
    found = getattr(node, "whole", node)
    assert isinstance(found, ast.AST)
    return found


def _blocks(one: ast.stmt) -> list[list[ast.stmt]]:
    return [block for node in (one, *getattr(one, "cases", ())) for name in ("body", "orelse", "finalbody") if (block := getattr(node, name, None))]


def _function(one: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    body = one.body
    if one.name == "__init__":  # it sets the attributes of the objects
        body = list(one.body)
        reduce_to_skeleton(body)
    nobody = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    return _stripped(one, args=nobody, returns=None, type_params=[], body=body)


def _stripped(node: Node, **fields: object) -> Node:
    stripped = copy.copy(node)
    for name, value in fields.items():
        setattr(stripped, name, value)
    stripped.whole = node  # type: ignore[attr-defined]
    return stripped


def _ellipsis(node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Constant(value=...), node)
