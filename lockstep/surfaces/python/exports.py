"""What a module says of its own names: `__all__` in every way in which it is written, and names that it makes when they are asked for.

Source: https://typing.python.org/en/latest/spec/distributing.html#library-interface-public-and-private-symbols for `__all__`;
PEP 562 for `__getattr__`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lockstep.dataclass import dataclass, field
from lockstep.surfaces.python.decorators import Decorator
from lockstep.surfaces.python.import_effects import Unseen
from lockstep.surfaces.python.names import plain, within
from lockstep.surfaces.python.reachability import truth_of

_LAZY_ATTACH = {"attach", "attach_stub", "lazy_attach"}
"""lazy_loader's functions; source: https://scientific-python.org/specs/spec-0001/."""

DEEPEST = 200
"""How far one list is followed into another."""
MOST_STEPS = 100_000
"""Entries that are read of the lists of one module."""


@dataclass(slots=True)
class Exports:
    """`names` of `__all__`, None without one. Of `sources` (dotted names of other lists) it takes all. `computed` is the line of a part that cannot be read.

    `dynamic` is the line of what makes names when they are asked for, None where nothing does; `lazy_names` are those names that can be read, with
    the text that says where they come from, None when there may be others.
    """

    names: list[str] | None = None
    sources: list[str] = field(default_factory=list)
    computed: int | None = None
    dynamic: int | None = None
    lazy_names: dict[str, str | None] | None = None
    stub: bool = False
    lists: set[str] = field(default_factory=set)
    """Names under which the `__all__` of other modules are imported."""
    deleted: dict[str, int] = field(default_factory=dict)
    """Names that `del` takes away again, with its line."""
    unseen: list[Unseen] = field(default_factory=list)
    """Names that the module's code may bind or take away in ways that cannot be read."""
    assembled: bool = False
    """Whether code that runs may bind names in ways that cannot be read: `globals()[name] = ...`, `setattr`, `exec`."""
    steps: int = 0
    decorators: dict[str, Decorator] = field(default_factory=dict)
    """Functions of the module, and methods of its classes, that keep something of a function that they are given."""


_ASSEMBLING = {"globals", "setattr", "exec"}


def exports(tree: ast.Module, text: str) -> Exports:
    """Read what a module says of its names, from its text as it was parsed."""
    found = Exports()
    values: dict[str, ast.expr] = {}
    if not text.isascii() or any(word in text for word in _ASSEMBLING):  # letters that are not ASCII may stand for others in names
        found.assembled = any(isinstance(one, ast.Name) and one.id in _ASSEMBLING for one in within(tree))
    for one in _statements(tree.body):
        match one:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Call() as call) if _last(call.func) in _LAZY_ATTACH:
                _attach(call, one.lineno, found, with_all="__all__" in {_last(target) for target in targets})
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    _assign(found, target, value, values)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _assign(found, target, value, values)
            case ast.AugAssign(target=ast.Name(id="__all__"), op=ast.Add(), value=value):
                found.names = found.names or []
                _extend(found, value, values)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=method), args=[value])):
                _call(found, method, value, values)
            case ast.ImportFrom(names=names):  # from .core import __all__ as core_all
                found.lists |= {one.asname for one in names if one.name == "__all__" and one.asname}
            case ast.Delete(targets=targets):
                found.deleted |= dict.fromkeys(_deleted(targets), one.lineno)
            case ast.FunctionDef(name="__getattr__", args=ast.arguments(args=[parameter])):
                found.dynamic = one.lineno
                found.lazy_names = _lazy_names(one, parameter.arg, values)
    kept = {*values, *(found.names or ())}
    found.deleted |= {name: line for name, line in _loop_variables(tree.body) if name not in kept}
    return found


def _loop_variables(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """Give the names that are declared for a loop alone (`key: str`), with the line of the loop: what its last round leaves is promised to nobody."""
    declared: set[str] = set()
    for one in _statements(body):
        match one:
            case ast.AnnAssign(target=ast.Name(id=name), value=None):
                declared.add(name)
            case ast.For(target=target):
                yield from ((node.id, one.lineno) for node in ast.walk(target) if isinstance(node, ast.Name) and node.id in declared)


def _assign(found: Exports, target: ast.expr, value: ast.expr, values: dict[str, ast.expr]) -> None:
    match target:
        case ast.Name(id="__all__"):
            found.names, found.sources, found.computed = [], [], None
            _extend(found, value, values)
        case ast.Name(id="__getattr__"):  # __getattr__ = _make_getattr(__name__)
            found.dynamic, found.lazy_names = value.lineno, None
        case ast.Name(id=name):
            values[name] = value
        case ast.Subscript(value=ast.Attribute(attr="modules"), slice=ast.Name(id="__name__")):  # sys.modules[__name__] = Lazy(...)
            found.dynamic = value.lineno


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a module in order, those under conditions too."""
    for one in body:
        yield one
        match one:
            case ast.If(test=test, body=inner, orelse=other):
                truth = truth_of(test)
                yield from _statements([*(inner if truth is not False else ()), *(other if truth is not True else ())])
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=last):
                yield from _statements([*inner, *(line for handler in handlers for line in handler.body), *other, *last])
            case ast.With(body=inner):
                yield from _statements(inner)


def _deleted(targets: list[ast.expr]) -> Iterator[str]:
    """Give the names that `del` takes away: `del a.b` and `del a[0]` leave `a`."""
    for one in targets:
        match one:
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=inner) | ast.List(elts=inner):
                yield from _deleted(inner)


def _call(found: Exports, method: str, value: ast.expr, values: dict[str, ast.expr]) -> None:
    found.names = found.names if found.names is not None else []
    match method:
        case "extend":
            _extend(found, value, values)
        case "append":
            _extend(found, ast.List(elts=[value]), values)
        case "remove" if isinstance(value, ast.Constant) and value.value in found.names:
            found.steps += len(found.names) // 100  # so many are looked through
            found.names.remove(str(value.value))


def _extend(found: Exports, value: ast.expr, values: dict[str, ast.expr], depth: int = 0) -> None:
    """Add what an expression lists."""
    assert found.names is not None
    found.steps += 1
    match value:
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            for one in elts:
                _entry(found, one, values, depth)
        case ast.Dict(keys=keys):
            for key in keys:
                _entry(found, key or value, values, depth)
        case ast.Attribute(attr="__all__", value=inner) if plain(inner):
            found.sources.append(plain(inner))
        case _ if depth > DEEPEST or found.steps > MOST_STEPS:
            found.computed = value.lineno
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            _extend(found, left, values, depth + 1)
            _extend(found, right, values, depth + 1)
        case ast.Call(func=ast.Name(id="list" | "sorted" | "tuple" | "set"), args=[inner]) | ast.Call(func=ast.Attribute(attr="keys", value=inner), args=[]):
            _extend(found, inner, values, depth + 1)
        case ast.Name(id="__all__"):
            pass
        case ast.Name(id=name) if name in values:
            _extend(found, values[name], values, depth + 1)
        case ast.Name(id=name) if name in found.lists:
            found.sources.append(name)
        case _:
            found.computed = value.lineno


def _entry(found: Exports, one: ast.expr, values: dict[str, ast.expr], depth: int) -> None:
    assert found.names is not None
    found.steps += 1
    match one:
        case ast.Constant(value=str(name)):
            found.names.append(name)
        case ast.Starred(value=inner):
            _extend(found, inner, values, depth + 1)
        case ast.Attribute(attr="__name__", value=named) if plain(named):  # __all__ = [search.__name__]
            found.names.append(plain(named).rpartition(".")[2])
        case _:
            found.computed = one.lineno


def _attach(call: ast.Call, line: int, found: Exports, *, with_all: bool) -> None:
    """Read `lazy_loader.attach(__name__, submodules, submod_attrs)`; `attach_stub` reads the stub beside the module, as we do."""
    given = dict(zip(("name", "submodules", "submod_attrs"), call.args, strict=False)) | {one.arg: one.value for one in call.keywords if one.arg}
    found.dynamic, found.lazy_names = line, {}
    if _last(call.func) == "attach_stub":
        found.stub = True
        return
    names: list[str] = []
    match given.get("submodules"):
        case ast.List(elts=elts) | ast.Set(elts=elts) | ast.Tuple(elts=elts):
            names += [one.value for one in elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    found.lazy_names |= dict.fromkeys(names)
    match given.get("submod_attrs"):
        case ast.Dict(keys=keys, values=lists):
            for key, listed in zip(keys, lists, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(listed, ast.List | ast.Tuple | ast.Set):
                    found.lazy_names |= {one.value: f".{key.value}" for one in listed.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    if with_all:
        found.names = list(found.lazy_names)


def _lazy_names(function: ast.FunctionDef, parameter: str, values: dict[str, ast.expr]) -> dict[str, str | None] | None:
    """Give the names that a module's `__getattr__` knows: texts that it compares its parameter with, and the tables that it looks into."""
    made: dict[str, str | None] = {}
    known = False
    refused = {id(one) for node in ast.walk(function) if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise) for one in ast.walk(node.test)}
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and not isinstance(node.ops[0], ast.NotIn) and id(node) in refused:
            known = True
            continue  # if name == "old": raise AttributeError
        if isinstance(node, ast.match_case):
            made |= dict.fromkeys(_matched(node.pattern))
            known = True
        match _resolved(_looked_up(node, parameter), values):
            case ast.Constant(value=str(text)):
                made.setdefault(text, None)
                known = True
            case ast.Name(id="__all__"):
                known = True
            case ast.expr() as table:
                entries = _table(values.get(table.id) if isinstance(table, ast.Name) else table)
                made = (entries or {}) | made
                known = known or entries is not None
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
            told = _names_of(_resolved(_looked_up(node.test, parameter), values))
            made |= {name: _returned(node.body, name, parameter) or made.get(name) for name in told if name in made or id(node.test) not in refused}
    return made if known else None


def _resolved(table: ast.expr | None, values: dict[str, ast.expr]) -> ast.expr | None:
    """Give the text behind a name that stands for one: `if name == _OLD_NAME`."""
    found = values.get(table.id) if isinstance(table, ast.Name) else None
    return found if isinstance(found, ast.Constant) else table


def _names_of(table: ast.expr | None) -> list[str]:
    match table:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Set(elts=elts) | ast.Tuple(elts=elts) | ast.List(elts=elts):
            return [one.value for one in elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return []


def _returned(body: list[ast.stmt], name: str, parameter: str) -> str | None:
    """Give where a block takes a name from that it returns: `module:name`, or `:name` for one of its own module."""
    imported: dict[str, str] = {}
    for one in body:
        match one:
            case ast.ImportFrom(module=module, names=names, level=level):
                imported |= {alias.asname or alias.name: f"{'.' * level}{module or ''}:{alias.name}" for alias in names}
            case ast.Return(value=ast.Name(id=returned)):
                return imported.get(returned, f":{returned}")
            case ast.Return(value=ast.Subscript(value=ast.Call(func=ast.Name(id="globals")), slice=ast.JoinedStr(values=parts))):
                written = [_part(part, name, parameter) for part in parts]
                return None if None in written else f":{''.join(filter(None, written))}"
    return None


def _part(part: ast.expr, name: str, parameter: str) -> str | None:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Name(id=named)) if named == parameter:
            return name
    return None


def _looked_up(node: ast.AST, parameter: str) -> ast.expr | None:
    """Give the text or table that a name is held against."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq() | ast.In() | ast.NotIn()], comparators=[table]) if name == parameter:
            return table
        case ast.Subscript(value=table, slice=ast.Name(id=name)) if name == parameter:
            return table
        case ast.Call(func=ast.Attribute(attr="get" | "pop", value=table), args=[ast.Name(id=name), *_]) if name == parameter:
            return table
    return None


def _matched(pattern: ast.pattern) -> Iterator[str]:
    for one in ast.walk(pattern):
        match one:
            case ast.MatchValue(value=ast.Constant(value=str(text))):
                yield text


def _table(value: ast.expr | None) -> dict[str, str | None] | None:
    """Read a table of names: a list or set of texts, or a dict from names to where they come from."""
    match value:
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts) | ast.Call(args=[ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts)]):
            return {one.value: None for one in elts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        case ast.Dict(keys=keys, values=targets):
            return {
                key.value: _origin(target) for key, target in zip(keys, targets, strict=True) if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
    return None


def _origin(target: ast.expr) -> str | None:
    """Give where a table says that a name comes from: `"module"`, or `("module", "name")`."""
    match target:
        case ast.Constant(value=str(module)):
            return module
        case ast.Tuple(elts=[ast.Constant(value=str(module)), ast.Constant(value=str(other)), *_]):
            return f"{module}:{other}"
        case ast.Tuple(elts=[_, ast.Constant(value=str(module))]):  # (__spec__.parent, ".module")
            return module
    return None


def _last(node: ast.expr) -> str:
    return plain(node).rpartition(".")[2]
