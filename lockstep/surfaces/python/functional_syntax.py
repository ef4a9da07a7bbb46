"""Classes that a call makes, as the class statements that mean the same: `namedtuple("Hit", "id score")`, `TypedDict("Row", {...})`, `Enum("Kind", "A B")`.

A metaclass that a call gives, as Python 2 and 3 both read it, is that of the class too: `class Node(with_metaclass(Meta, Base))`, `@add_metaclass(Meta)`.

Source: collections.namedtuple; typing.NamedTuple and typing.TypedDict, their functional syntax; enum, functional API; https://six.readthedocs.io/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_ENUMS = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}


def as_class_statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Give the statements of a module or class with such calls written out."""
    return [_statement(one) for one in body]


def _statement(one: ast.stmt) -> ast.stmt:
    match one:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
            made = _made(name, call)
            return ast.copy_location(made, one) if made is not None else one
        case ast.ClassDef(bases=bases, decorator_list=decorators) if any(isinstance(call, ast.Call) for call in (*bases, *decorators)):
            _take_metaclass(one)
            for i, base in enumerate(bases):
                made = _made(one.name, base) if isinstance(base, ast.Call) else None
                if made is not None:
                    bases[i : i + 1] = made.bases
                    one.body[:0] = made.body
                    one.keywords += made.keywords
                    break
    return one


def _take_metaclass(cls: ast.ClassDef) -> None:
    for call in (*cls.bases, *cls.decorator_list):
        match call:
            case ast.Call(func=ast.Name(id="with_metaclass") | ast.Attribute(attr="with_metaclass"), args=[meta, *above]) if call in cls.bases:
                place = cls.bases.index(call)
                cls.bases[place : place + 1] = above
                cls.keywords.append(ast.keyword(arg="metaclass", value=meta))
            case ast.Call(func=ast.Name(id="add_metaclass") | ast.Attribute(attr="add_metaclass"), args=[meta]):
                cls.keywords.append(ast.keyword(arg="metaclass", value=meta))


def _made(name: str, call: ast.Call) -> ast.ClassDef | None:
    """Give the class that a call makes, None where it makes none or cannot be read."""
    kind = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    options = {one.arg: one.value for one in call.keywords if one.arg}
    given = call.args[1] if len(call.args) > 1 else options.get("field_names") or options.get("fields") or options.get("names")
    if given is None or not call.args or not isinstance(call.args[0], ast.Constant):
        return None
    fields: list[ast.stmt] | None = None
    keywords: list[ast.keyword] = []
    base: ast.expr = call.func
    if kind == "namedtuple":
        fields = _plain_fields(given, options.get("defaults"), call)
        base = ast.Attribute(value=ast.Name(id="typing", ctx=ast.Load()), attr="NamedTuple", ctx=ast.Load())
    elif kind == "NamedTuple" and isinstance(given, ast.List | ast.Tuple):
        fields = [_field(*pair.elts, at=pair) for pair in given.elts if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
    elif kind == "TypedDict" and isinstance(given, ast.Dict):
        fields = [_field(key, value, at=value) for key, value in zip(given.keys, given.values, strict=True) if key is not None]
        keywords = [one for one in call.keywords if one.arg == "total"]
    elif kind in _ENUMS:
        fields = list(_members(given, call))
    if fields is None:
        return None
    made = ast.ClassDef(name=name, bases=[base], keywords=keywords, body=fields, decorator_list=[])
    return ast.fix_missing_locations(ast.copy_location(made, call))


def _names(node: ast.expr) -> list[str] | None:
    match node:
        case ast.Constant(value=str(text)):
            return text.replace(",", " ").split()
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            names = [one.value for one in elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            return names if len(names) == len(elts) else None
    return None


def _plain_fields(given: ast.expr, defaults: ast.expr | None, at: ast.expr) -> list[ast.stmt] | None:
    names = _names(given)
    if names is None:
        return None
    values = defaults.elts if isinstance(defaults, ast.List | ast.Tuple) else []
    anything = ast.Attribute(value=ast.Name(id="typing", ctx=ast.Load()), attr="Any", ctx=ast.Load())
    missing = len(names) - len(values)
    return [_field(ast.Constant(value=name), anything, at=at, value=values[i - missing] if i >= missing else None) for i, name in enumerate(names)]


def _field(name: ast.expr, annotation: ast.expr, *, at: ast.expr, value: ast.expr | None = None) -> ast.stmt:
    text = name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isidentifier() else "_"
    target = ast.Name(id=text, ctx=ast.Store())
    return ast.fix_missing_locations(ast.copy_location(ast.AnnAssign(target=target, annotation=annotation, value=value, simple=1), at))


def _members(given: ast.expr, at: ast.expr) -> Iterator[ast.stmt]:
    pairs: list[tuple[str, ast.expr]] = []
    match given:
        case ast.Dict(keys=keys, values=values):
            pairs = [(key.value, value) for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        case ast.List(elts=[ast.Tuple(), *_] as elts) | ast.Tuple(elts=[ast.Tuple(), *_] as elts):
            for one in elts:
                match one:
                    case ast.Tuple(elts=[ast.Constant(value=str(name)), value]):
                        pairs.append((name, value))
        case _:
            pairs = [(name, ast.Constant(value=i)) for i, name in enumerate(_names(given) or (), 1)]
    for name, value in pairs:
        target = ast.Name(id=name, ctx=ast.Store())
        yield ast.fix_missing_locations(ast.copy_location(ast.Assign(targets=[target], value=value), at))
