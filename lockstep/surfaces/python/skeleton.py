"""The syntax tree that griffe sees: what is defined where, without the expressions, which are read here.

griffe would resolve the names in them while the modules that they lead to are not read yet; and most of its time goes there. What binds several names at
once (`a, b = pair`), of which griffe reads none, is written out.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import ClassVar, TypeVar

from lockstep.surfaces.python.reachability import is_main, truth_of

Node = TypeVar("Node", bound=ast.AST)


def reduce_to_skeleton(body: list[ast.stmt]) -> None:
    """Put copies without expressions in the place of definitions, in every block of a body; `whole` gives the definition behind each."""
    body[:] = [part for one in body for part in _unpacked(one)]
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


def _unpacked(one: ast.stmt) -> list[ast.stmt]:
    """Give an assignment for each name that a statement binds by position."""
    if not isinstance(one, ast.Assign) or not any(isinstance(target, ast.Tuple | ast.List) for target in one.targets):
        return [one]
    pairs = [pair for target in one.targets for pair in _paired(target, one.value)]
    return [ast.copy_location(ast.Assign(targets=[target], value=value), one) for target, value in pairs]


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Give each target with its value: the part that is written there, or what stands at its place of the whole."""
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else []
    starred = any(isinstance(inner, ast.Starred) for inner in (*target.elts, *parts))
    behind = False
    for i, inner in enumerate(target.elts):
        place: ast.expr = ast.Constant(value=i - len(target.elts) if behind else i)
        if isinstance(inner, ast.Starred):
            behind = True
            place = ast.Slice(lower=ast.Constant(value=i))
            inner = inner.value  # noqa: PLW2901 - what stands behind the star
        part = parts[i] if parts and not starred else ast.copy_location(ast.Subscript(value=value, slice=place, ctx=ast.Load()), value)
        yield from _paired(inner, ast.fix_missing_locations(part))


class Choice(ast.stmt):
    """An `if` or an `except`, under a name that griffe does not know: it would drop what a name is bound to a second time there."""

    _fields = ("body", "orelse")
    _field_types: ClassVar = {"body": list[ast.stmt], "orelse": list[ast.stmt]}  # asked for since Python 3.13
    body: list[ast.stmt]
    orelse: list[ast.stmt]
    whole: ast.AST
    otherwise: frozenset[int]
    """The ids of what stands in `orelse`, for each definition there is asked which side it is on."""


def _choice(one: ast.If | ast.ExceptHandler, body: list[ast.stmt], orelse: list[ast.stmt]) -> Choice:
    reduce_to_skeleton(body)
    reduce_to_skeleton(orelse)
    choice = Choice()
    choice.body, choice.orelse, choice.whole = body, orelse, one
    choice.otherwise = frozenset(map(id, orelse))
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
