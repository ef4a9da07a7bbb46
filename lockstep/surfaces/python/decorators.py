"""What a decorator leaves of the function below it: how it is called, and what a call gives.

A decorator of the package is read: one that gives the function back, or a wrapper that hands on what it is given and gives on what it gets, changes
nothing. One whose types say that it gives what it takes is believed. Of the rest nothing is known.

Source: https://docs.python.org/3/reference/compound_stmts.html#function-definitions; https://docs.python.org/3/library/functools.html#functools.wraps
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.surfaces.python.names import dotted, plain, within

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

KNOWN = {
    *(f"builtins.{name}" for name in ("classmethod", "property", "staticmethod")),
    *(f"contextlib.{name}" for name in ("asynccontextmanager", "contextmanager")),
    *(f"functools.{name}" for name in ("cache", "cached_property", "lru_cache", "singledispatch", "singledispatchmethod", "wraps")),
    "asyncio.coroutine",
    "atexit.register",
    "deprecated.deprecated",
    "reprlib.recursive_repr",
    "types.coroutine",
    "warnings.deprecated",
}
"""Decorators that leave the parameters as they are; what they make of the result is a trait of its own."""
KNOWN_ROOMS = ("abc.", "enum.", "typing.", "typing_extensions.", "pytest.mark.")
_OF_PROPERTIES = {"deleter", "getter", "setter"}
_GIVES_FIRST = {"update_wrapper": 0, "cast": 1}
"""Calls that give one of their arguments, and which."""
DEEPEST = 5
"""Functions inside of each other."""


@dataclass(frozen=True, slots=True)
class Keeps:
    """Whether what stands below is called as it says, and gives what it says."""

    call: bool = False
    result: bool = False

    def __and__(self, other: Keeps) -> Keeps:
        return Keeps(self.call and other.call, self.result and other.result)


ALL, NOTHING = Keeps(call=True, result=True), Keeps()


@dataclass(frozen=True, slots=True)
class Decorator:
    """What a function keeps of another: as `@name`, and as `@name(...)`."""

    bare: Keeps = NOTHING
    called: Keeps = NOTHING


def is_known(name: str) -> bool:
    """Say whether a decorator from elsewhere is known to leave the parameters as they are."""
    return name in KNOWN or name.startswith(KNOWN_ROOMS) or name.rpartition(".")[2] in _OF_PROPERTIES


def decorators(tree: ast.Module) -> dict[str, Decorator]:
    """Give the functions of a module, and the methods of its classes, that keep something of a function that they are given."""
    return {name: found for name, function, skipped in _functions(tree.body) if (found := _decorator(function, skipped)) != Decorator()}


def _functions(body: list[ast.stmt], above: str = "", skipped: int = 0) -> Iterator[tuple[str, Function, int]]:
    """Give the functions of a block with their names, and how many parameters they are not given by whoever calls them."""
    for one in body:
        match one:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                static = any(plain(decorator) == "staticmethod" for decorator in one.decorator_list)
                yield f"{above}{one.name}", one, 0 if static else skipped
            case ast.ClassDef():
                yield from _functions(one.body, f"{above}{one.name}.", 1)
            case ast.If() | ast.Try() | ast.With():
                for name in ("body", "orelse", "finalbody"):
                    yield from _functions(getattr(one, name, []), above, skipped)


def _decorator(function: Function, skipped: int) -> Decorator:
    if isinstance(function, ast.AsyncFunctionDef):
        return Decorator()
    taken = _positional(function)[skipped:]
    bare = ALL if taken and _gives_its_type(taken[0].annotation, function.returns) else None
    match function.returns:
        case ast.Subscript(value=head, slice=ast.Tuple(elts=[ast.List(elts=[given]), gives])) if _last(head) == "Callable" and _gives_its_type(given, gives):
            return Decorator(bare or NOTHING, ALL)
    scope = _Scope(function)
    if not scope.returned:
        return Decorator(bare or NOTHING)
    first = taken[0].arg if taken else ""
    return Decorator(bare or scope.keeps(first), scope.made(0))


class _Scope:
    """The functions that stand in the body of another, and what it returns."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.inner: dict[str, Function] = {}
        self.bound: set[str] = set()
        self.returned: list[ast.expr | None] = []
        for one in _own_statements(function.body):
            match one:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.bound |= {one.name} & set(self.inner)
                    self.inner[one.name] = one
                case ast.Return(value=value):
                    self.returned.append(_unwrapped(value))
                case ast.Assign(targets=targets, value=value):
                    names = {node.id for target in targets for node in within(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
                    inner = _unwrapped(value)
                    self.bound |= {name for name in names if not (isinstance(inner, ast.Name) and inner.id == name)}
                case ast.AugAssign(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
                    self.bound.add(name)

    def keeps(self, given: str, depth: int = 0) -> Keeps:
        """Say what is kept of the function that is given under a name, as what is returned is put in its place."""
        found: list[Keeps] = []
        direct = self._called_with(given)
        for value in self.returned:
            match value:
                case ast.Name(id=name) if name == given and name not in self.bound:
                    found.append(ALL)
                case ast.Name(id=name) if name in direct:
                    pass  # if function is None: return decorator
                case ast.Name(id=name) if name in self.inner and name not in self.bound and given and given not in self.bound:
                    found.append(_handed_on(self.inner[name], given))
                case ast.Call(func=ast.Name(id=name)) if name in direct and depth < DEEPEST:
                    found.append(_of_inner(self.inner[name], depth))
                case _ if self._is_itself(value):
                    pass
                case _:
                    return NOTHING
        return _all(found)

    def made(self, depth: int) -> Keeps:
        """Say what is kept by the decorators that are returned."""
        found: list[Keeps] = []
        for value in self.returned:
            match value:
                case ast.Name(id=name) if name in self.inner and name not in self.bound and depth < DEEPEST:
                    found.append(_of_inner(self.inner[name], depth))
                case ast.Lambda(args=ast.arguments(args=[one]), body=ast.Name(id=name)) if one.arg == name:
                    found.append(ALL)
                case ast.Call(func=ast.Name(id=name)) if name in self.inner:
                    pass  # if function is not None: return decorator(function)
                case ast.Name(id=name) if any(one.arg == name for one in _positional(self.function)):
                    pass
                case _ if self._is_itself(value) and depth < DEEPEST:
                    taken = _positional(self.function)
                    found.append(self.keeps(taken[0].arg, depth + 1) if taken else NOTHING)
                case _:
                    return NOTHING
        return _all(found)

    def _called_with(self, given: str) -> set[str]:
        """Give the functions of the body that are called with the function that is given, for what they return."""
        return {
            value.func.id
            for value in self.returned
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in self.inner and _names(value.args) == [given]
        }

    def _is_itself(self, value: ast.expr | None) -> bool:
        """Say whether it is the same function again, with some of its arguments: `partial(decorator, ...)`, `lambda f: decorator(f, ...)`."""
        match value:
            case ast.Call(func=func, args=[ast.Name(id=name)]) if _last(func) == "partial":
                return name == self.function.name
            case ast.Lambda(args=ast.arguments(args=[one]), body=ast.Call(func=ast.Name(id=name), args=[ast.Name(id=handed)])):
                return name == self.function.name and handed == one.arg
        return False


def _of_inner(inner: Function, depth: int) -> Keeps:
    taken = _positional(inner)
    if isinstance(inner, ast.AsyncFunctionDef) or not taken or inner.decorator_list:
        return NOTHING
    if _gives_its_type(taken[0].annotation, inner.returns):
        return ALL
    return _Scope(inner).keeps(taken[0].arg, depth + 1)


def _handed_on(wrapper: Function, given: str) -> Keeps:
    """Say what a wrapper keeps: it takes anything and hands it on, to the function that was given and to no other."""
    args = wrapper.args
    if args.vararg is None or args.kwarg is None or args.kwonlyargs or args.defaults:
        return NOTHING
    if any(_last(one.func if isinstance(one, ast.Call) else one) != "wraps" for one in wrapper.decorator_list):
        return NOTHING
    own = [one.arg for one in _positional(wrapper)]
    rest = {args.vararg.arg, args.kwarg.arg}
    nodes = [node for line in wrapper.body for node in ast.walk(line)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == given]
    if not calls or not all(_hands_all(one, own, args.vararg.arg, args.kwarg.arg) for one in calls):
        return NOTHING
    used = {id(node) for call in calls for node in ast.walk(call)} | {id(node) for one in nodes for node in _only_read(one, rest)}
    if any(isinstance(node, ast.Name) and ((node.id in rest and id(node) not in used) or _is_stored(node, {*own, given})) for node in nodes):
        return NOTHING
    return Keeps(call=True, result=_gives_on(wrapper, calls, nodes))


def _hands_all(call: ast.Call, own: list[str], star: str, stars: str) -> bool:
    match call:
        case ast.Call(args=[*first, ast.Starred(value=ast.Name(id=handed))], keywords=[ast.keyword(arg=None, value=ast.Name(id=named))]):
            return handed == star and named == stars and _names(first) == own
    return False


def _only_read(node: ast.AST, names: set[str]) -> Iterator[ast.AST]:
    """Give the names that a piece of syntax surely does not change."""
    match node:
        case ast.Compare(comparators=comparators):
            found: list[ast.expr] = comparators
        case ast.Subscript(value=value, ctx=ast.Load()):
            found = [value]
        case ast.Attribute(value=value, attr="get" | "items" | "keys" | "values"):
            found = [value]
        case ast.Call(func=ast.Name(id="bool" | "len" | "repr" | "str"), args=arguments):
            found = arguments
        case _:
            found = []
    return (one for one in found if isinstance(one, ast.Name) and one.id in names)


def _gives_on(wrapper: Function, calls: list[ast.Call], nodes: list[ast.AST]) -> bool:
    """Say whether all that a wrapper returns is what the function gave."""
    if isinstance(wrapper, ast.AsyncFunctionDef) or any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return False
    handed = {id(call) for call in calls}
    kept: set[str] = set()
    other: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign) and id(node.value) in handed and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
            kept.add(node.targets[0].id)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr | ast.For | ast.withitem):
            other |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    returned = [one.value for one in _own_statements(wrapper.body) if isinstance(one, ast.Return)]
    return bool(returned) and all(id(one) in handed or (isinstance(one, ast.Name) and one.id in kept - other) for one in returned)


def replaces(decorator: Function) -> bool:
    """Say whether a decorator surely gives a function with other parameters, or no function at all."""
    called = {plain(node.func).rpartition(".")[2] for line in decorator.body for node in ast.walk(line) if isinstance(node, ast.Call)}
    if called & {"wraps", "update_wrapper"}:
        return False
    inner = {one.name: one for one in decorator.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    within = {id(node) for one in inner.values() for node in ast.walk(one)}
    given = [node.value for line in decorator.body for node in ast.walk(line) if isinstance(node, ast.Return) and id(node) not in within]
    return all(_is_other(one, inner) for one in given)


def _is_other(value: ast.expr | None, inner: dict[str, Function]) -> bool:
    """Say whether what is returned has parameters of its own: one that takes anything hands it on, one that is decorated may be wrapped."""
    match value:
        case None | ast.Constant():
            return True
        case ast.Lambda(args=arguments):
            return arguments.vararg is None or arguments.kwarg is None
        case ast.Name(id=name) if name in inner:
            function = inner[name]
            return not function.decorator_list and (function.args.vararg is None or function.args.kwarg is None)
    return False


# ---- syntax


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a function, those in blocks too; what functions in it hold is theirs."""
    for one in body:
        yield one
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for block in ("body", "orelse", "finalbody"):
            yield from _own_statements(getattr(one, block, []))
        for part in (*getattr(one, "handlers", ()), *getattr(one, "cases", ())):
            yield from _own_statements(part.body)


def _unwrapped(value: ast.expr | None) -> ast.expr | None:
    """Give what `cast(F, x)`, `update_wrapper(x, f)` and `wraps(f)(x)` give."""
    for _ in range(DEEPEST):
        match value:
            case ast.Call(func=func, args=args) if (place := _GIVES_FIRST.get(_last(func))) is not None and len(args) > place:
                value = args[place]
            case ast.Call(func=ast.Call(func=func), args=[inner]) if _last(func) == "wraps":
                value = inner
            case _:
                break
    return value


def _gives_its_type(taken: ast.expr | None, gives: ast.expr | None) -> bool:
    """Say whether a function that is taken has the type of what is given back: a type variable, or a Callable of the same parameters."""
    if taken is None or gives is None or ast.unparse(taken) != ast.unparse(gives):
        return False
    match taken:
        case ast.Name(id=name):
            return name not in {"Any", "Callable", "object"}
        case ast.Subscript(value=head, slice=ast.Tuple(elts=[ast.Name(), _])):
            return _last(head) == "Callable"
    return False


def _positional(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args]


def _names(nodes: list[ast.expr]) -> list[str]:
    return [node.id if isinstance(node, ast.Name) else "" for node in nodes]


def _is_stored(node: ast.Name, names: set[str]) -> bool:
    return node.id in names and not isinstance(node.ctx, ast.Load)


def _last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2]


def _all(found: list[Keeps]) -> Keeps:
    kept = ALL if found else NOTHING
    for one in found:
        kept &= one
    return kept
