"""The syntax tree that griffe sees: what is defined where, without the expressions, which are read here.

griffe would resolve the names in them while the modules that they lead to are not read yet; and most of its time goes there.
"""

from __future__ import annotations

import ast
import copy
from typing import ClassVar, TypeVar

from lockstep.surfaces.python.effects import is_main, truth_of

Node = TypeVar("Node", bound=ast.AST)


def lightened(body: list[ast.stmt]) -> None:
    """Put light copies in the place of definitions, in every block of a body; `whole` gives the definition behind each."""
    for i, one in enumerate(body):
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                body[i] = _function(one)
            case ast.ClassDef():
                lightened(one.body)
                body[i] = _light(one, bases=[], keywords=[], type_params=[])
            case ast.Assign():
                body[i] = _light(one, value=_nothing(one.value))
            case ast.AnnAssign():
                body[i] = _light(one, annotation=_nothing(one.annotation), value=None if one.value is None else _nothing(one.value))
            case _ if type(one).__name__ == "TypeAlias":  # PEP 695, since Python 3.12
                body[i] = _light(one, type_params=[], value=_nothing(one))
            case ast.If():
                truth = truth_of(one.test)
                if is_main(one.test) or truth is False:
                    one.body = []
                elif truth:
                    one.orelse = []
                body[i] = _choice(one, one.body, one.orelse)
            case _:
                for block in _blocks(one):
                    lightened(block)
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
    lightened(body)
    lightened(orelse)
    choice = Choice()
    choice.body, choice.orelse, choice.whole = body, orelse, one
    return ast.copy_location(choice, one)


def whole(node: ast.AST) -> ast.AST:
    """Give the definition that a light copy stands for."""
    found = getattr(node, "whole", node)
    assert isinstance(found, ast.AST)
    return found


def _blocks(one: ast.stmt) -> list[list[ast.stmt]]:
    return [block for node in (one, *getattr(one, "cases", ())) for name in ("body", "orelse", "finalbody") if (block := getattr(node, name, None))]


def _function(one: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt:
    body = one.body
    if one.name == "__init__":  # it sets the attributes of the objects
        body = list(one.body)
        lightened(body)
    nobody = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    return _light(one, args=nobody, returns=None, type_params=[], body=body)


def _light(node: Node, **fields: object) -> Node:
    light = copy.copy(node)
    for name, value in fields.items():
        setattr(light, name, value)
    light.whole = node  # type: ignore[attr-defined]
    return light


def _nothing(node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Constant(value=...), node)
