"""Which file does a setup.py read its version from? Only paths that it writes as literals are followed, and nothing is run.

`open`, `Path(...).read_text()`, `exec`, `runpy`, `SourceFileLoader`, an import of the package, and functions of its own that do one of these:
what an expression can reach is searched for the files that it opens.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from lockstep.dataclass import dataclass, field
from lockstep.manifest import Derived, join
from lockstep.pattern import pattern

_FILE = pattern(r"(?:[\w.-]+/)*(?:[\w.-]+\.pyi?|pyproject\.toml|Cargo\.toml|package\.json|[\w.-]*(?:version|VERSION)[\w.-]*|__\w+__)")
"""What may hold a version; a README that stands beside it does not."""
_OPENERS = {"open": 0, "run_path": 0, "execfile": 0, "SourceFileLoader": 1, "SourcelessFileLoader": 1, "spec_from_file_location": 1, "load_source": 1}
"""The functions that read a file, and which argument is its path."""
_JOINS = {"join", "Path", "PurePath", "PurePosixPath", "joinpath"}
_SAME = {"abspath", "realpath", "normpath", "expanduser", "str", "fspath", "resolve", "absolute", "as_posix"}
_STEPS = 4000
_DEEPEST = 24

_Env = Mapping[str, object]


@dataclass(slots=True)
class _Script:
    """A script's names, imports and functions; `steps` bounds the search."""

    names: dict[str, list[ast.expr]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    runs: list[ast.Call] = field(default_factory=list)
    steps: int = 0


def origin(tree: ast.Module, value: ast.expr, folder: str) -> Derived | None:
    """Give the files that the version may be read from, and the variable there; None where no literal leads to one."""
    script = _script(tree)
    found = list(dict.fromkeys(_reads(script, value, {}, 0)))
    paths = tuple(dict.fromkeys(target for path, _ in found if (target := join(folder, path))))
    attribute = next((name for _, name in found if name), "") or _attribute(value, script)
    return Derived(paths=paths, reader="", attribute=attribute, optional=True) if paths else None


def _script(tree: ast.Module) -> _Script:
    script = _Script()
    pending: list[ast.AST] = list(reversed(tree.body))
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name):
                script.functions[name] = node
                continue
            case ast.ClassDef() | ast.AsyncFunctionDef() | ast.Lambda():
                continue
            case ast.Import(names=aliases):
                tops = [(one, one.name if one.asname else one.name.partition(".")[0]) for one in aliases]
                script.imports.update((one.asname or top, (top, "")) for one, top in tops)
            case ast.ImportFrom(module=str() as module, names=aliases):
                script.imports.update((one.asname or one.name, (module, one.name)) for one in aliases)
            case ast.Call(func=ast.Name(id="exec" | "execfile")):
                script.runs.append(node)
        for name, value in _bound(node):
            script.names.setdefault(name, []).append(value)
        pending += reversed(list(ast.iter_child_nodes(node)))
    return script


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Give what a statement binds: an assignment, `with open(...) as f`, `for line in f`."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                for one in target.elts if isinstance(target, ast.Tuple | ast.List) else (target,):
                    if isinstance(one, ast.Name):
                        yield one.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) | ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield name, value
        case ast.For(target=ast.Name(id=name), iter=value) | ast.comprehension(target=ast.Name(id=name), iter=value):
            yield name, value


def _reads(script: _Script, node: ast.AST, env: _Env, depth: int) -> Iterator[tuple[str, str]]:
    """Give (path, variable) of each file that is read when a node is evaluated."""
    if depth > _DEEPEST:
        return
    local = _local(node, env) if isinstance(node, ast.FunctionDef) else env
    for one in ast.walk(node):
        script.steps += 1
        if script.steps > _STEPS:
            return
        match one:
            case ast.Name(id=name, ctx=ast.Load()):
                yield from _follow(script, name, local, depth)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in script.imports and not script.imports[name][1]:
                yield script.imports[name][0].replace(".", "/"), attribute
            case ast.Call():
                yield from _called(script, one, local, depth)


def _local(function: ast.FunctionDef, env: _Env) -> _Env:
    """Add what a function binds itself to its arguments."""
    found: dict[str, object] = dict(env)
    for node in ast.walk(function):
        for name, value in _bound(node):
            found.setdefault(name, (value, env))
    return found


def _follow(script: _Script, name: str, env: _Env, depth: int) -> Iterator[tuple[str, str]]:
    match env.get(name):
        case (ast.AST() as value, inner):
            yield from _reads(script, value, inner if isinstance(inner, dict) else {}, depth + 1)
            return
    values = script.names.get(name, ())
    for value in values:
        yield from _reads(script, value, {}, depth + 1)
    if not values and name in script.imports and script.imports[name][1]:
        module, attribute = script.imports[name]
        yield module.replace(".", "/"), attribute
    for run in script.runs if depth < _DEEPEST else ():
        if any(isinstance(one, ast.Name) and one.id == name for one in run.args[1:]) or (len(run.args) == 1 and not values and name not in script.imports):
            yield from _reads(script, run.args[0], {}, depth + 1)


def _called(script: _Script, call: ast.Call, env: _Env, depth: int) -> Iterator[tuple[str, str]]:
    name = _name(call)
    function = script.functions.get(name) if isinstance(call.func, ast.Name) else None
    if function is not None:
        yield from _reads(script, function, _arguments(function, call, env), depth + 1)
        return
    path = None
    if isinstance(call.func, ast.Attribute) and name in ("read_text", "read_bytes", "open") and (found := _text(script, call.func.value, env, 0)):
        path = found
    elif (index := _OPENERS.get(name)) is not None and len(call.args) > index:
        path = _text(script, call.args[index], env, 0)
    elif isinstance(call.func, ast.Name) and name in script.imports and call.args:
        path = _join([_text(script, one, env, 0) for one in call.args])  # get_version("spam/__init__.py") of a helper that is not here
    if path and _FILE.fullmatch(path):
        yield path, ""


def _arguments(function: ast.FunctionDef, call: ast.Call, env: _Env) -> _Env:
    given: dict[str, object] = {}
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    defaults = function.args.defaults
    for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=True):
        given[name] = (value, env)
    for name, value in zip(names, call.args, strict=False):
        given[name] = (value, env)
    for keyword in call.keywords:
        if keyword.arg:
            given[keyword.arg] = (keyword.value, env)
    if function.args.vararg is not None:
        given[function.args.vararg.arg] = (ast.Tuple(elts=call.args[len(names) :], ctx=ast.Load()), env)
    return given


def _join(parts: list[str | None]) -> str | None:
    """Join the parts of a path; only the first may be unknown, for it is the folder of the script."""
    if any(part is None for part in parts[1:]) or not parts:
        return None
    return join("", "/".join(part for part in parts if part))


def _text(script: _Script, node: ast.expr, env: _Env, depth: int) -> str | None:
    """Give the path, or the part of one, that an expression is, relative to the script's folder; None where that is not written."""
    script.steps += 1
    if depth > _DEEPEST or script.steps > _STEPS:
        return None
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return _named(script, name, env, depth)
        case ast.Starred(value=value) | ast.FormattedValue(value=value):
            return _text(script, value, env, depth + 1)
        case ast.Attribute(value=value, attr="parent"):
            return _parent(_text(script, value, env, depth + 1))
        case ast.Call():
            return _made(script, node, env, depth)
    return _composed(script, node, env, depth)


def _composed(script: _Script, node: ast.expr, env: _Env, depth: int) -> str | None:
    """Give the path that an operator, a tuple of parts or a formatted text makes of others."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return _join([_text(script, one, env, depth + 1) for one in parts])
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _join([_text(script, one, env, depth + 1) for one in (left, right)])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sum([_text(script, one, env, depth + 1) for one in (left, right)])
        case ast.BoolOp(op=ast.Or(), values=values):
            texts = [_text(script, one, env, depth + 1) for one in values]
            return next((text for text in texts if text), texts[-1]) if None not in texts else None
        case ast.JoinedStr(values=parts):
            return _sum([_text(script, one, env, depth + 1) for one in parts])
    return None


def _named(script: _Script, name: str, env: _Env, depth: int) -> str | None:
    """Give the path that a name stands for."""
    if name == "__file__":
        return "setup.py"
    match env.get(name):
        case (ast.expr() as value, inner):
            return _text(script, value, inner if isinstance(inner, dict) else {}, depth + 1)
    values = script.names.get(name, [])
    return _text(script, values[0], {}, depth + 1) if len(values) == 1 else None


def _made(script: _Script, call: ast.Call, env: _Env, depth: int) -> str | None:
    """Give the path that a call makes of others."""
    name = _name(call)
    if isinstance(call.func, ast.Name) and (function := script.functions.get(name)) is not None:
        made = [one.value for one in function.body if isinstance(one, ast.Return) and one.value is not None]
        return _text(script, made[0], _arguments(function, call, _local(function, env)), depth + 1) if len(made) == 1 else None
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) and name in ("joinpath", "resolve", "absolute", "as_posix") else []
    texts = [_text(script, one, env, depth + 1) for one in (*receiver, *call.args)]
    if name in _JOINS:
        return _join(texts)
    if name in ("getcwd", "cwd"):
        return ""
    first = texts[0] if texts else None
    return _parent(first) if name == "dirname" else first if name in _SAME else None


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _sum(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None


def _parent(path: str | None) -> str | None:
    return None if path is None else path.rpartition("/")[0]


def _attribute(value: ast.expr, script: _Script) -> str:
    """Give the variable that an expression takes from what it reads: `ns["__version__"]`, `module.VERSION`."""
    pending, seen = [value], 0
    while pending and seen < _DEEPEST:
        seen += 1
        match pending.pop():
            case ast.Subscript(slice=ast.Constant(value=str() as name)) if name.isidentifier():
                return name
            case ast.Attribute(attr=name) if "version" in name.lower():
                return name
            case ast.Call(args=list(args)) if args:
                pending.append(args[0])
            case ast.Name(id=name) if len(values := script.names.get(name, [])) == 1:
                pending.append(values[0])
    return ""
