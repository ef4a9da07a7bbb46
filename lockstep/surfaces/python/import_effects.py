"""What the code of a module does to names beside defining them: loops and captures bind them again, attributes are set on classes, modules refuse to load.

What is simple is written out as the definitions that mean the same; of the rest the module says what cannot be seen.

Source: https://docs.python.org/3/reference/executionmodel.html#binding-of-names
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from lockstep.dataclass import dataclass, field
from lockstep.surfaces.python.decorators import Function, replaces
from lockstep.surfaces.python.names import add_children, captures, parts, plain, targets
from lockstep.surfaces.python.reachability import is_main, truth_of

_METADATA = {"__doc__", "__name__", "__qualname__", "__module__", "__annotations__", "__signature__", "__file__", "__path__", "__test__"}
_USED_ONCE = {"__slots__"}
"""Attributes of a class that are read when it is made: to set or delete them later changes nothing."""
_NAMESPACES = {"globals", "vars", "locals"}
_CHANGES = {"pop", "popitem", "clear", "update", "setdefault", "__setitem__", "__delitem__"}
_UNKNOWN = ast.Name(id="...")
RAISES, LEAVES = "the module raises when it is imported", "the module ends the program when it is imported"
ENDS = (RAISES, LEAVES)
"""Why nobody can import a module, whatever else is in it."""
_LEAVES = {"sys.exit", "exit", "quit", "os._exit"}


@dataclass(frozen=True, slots=True)
class Unseen:
    """A name below the module (empty for all of them) that the code may bind or take away, and the line where it does."""

    name: str
    line: int
    why: str


@dataclass(slots=True)
class _Bindings:
    """What the statements of one module have bound so far, in order."""

    bound: set[str] = field(default_factory=set)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    unseen: list[Unseen] = field(default_factory=list)
    written: list[ast.stmt] = field(default_factory=list)
    """Assignments that stand for what the last statement did to the names of the module."""
    rounds: int = 0
    """Pieces of syntax that loops were written out to."""

    def miss(self, name: str, node: ast.AST, why: str) -> None:
        """Note that a name cannot be seen."""
        found = Unseen(name, getattr(node, "lineno", 1), why)
        if not any(one.name == found.name and one.why == found.why for one in self.unseen):
            self.unseen.append(found)


def import_effects(tree: ast.Module) -> list[Unseen]:
    """Write out what a module's code does to its names; give what cannot be."""
    found = _Bindings()
    tree.body = _block(tree.body, found, sure=True)
    return found.unseen


def _block(body: list[ast.stmt], found: _Bindings, *, sure: bool) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    for one in body:
        out += [one, *_statement(one, found, sure=sure)]
    return out


def _statement(one: ast.stmt, found: _Bindings, *, sure: bool) -> list[ast.stmt]:
    """Do one statement; give the definitions that stand for what it binds."""
    match one:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for decorator in one.decorator_list:
                if (
                    isinstance(decorator, ast.Name)
                    and decorator.id in found.functions
                    and replaces(found.functions[decorator.id])
                    and not _is_private(one.name)
                ):
                    found.miss(one.name, one, f"{decorator.id} puts another function in its place")
            found.bound.add(one.name)
            found.functions[one.name] = one
            return []
        case ast.ClassDef():
            found.bound.add(one.name)
            found.classes[one.name] = one
            _delete_in(one)
            return []
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            found.bound |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
            return []
    names: list[str] = _walrus(_own_expressions(one))
    match one:
        case ast.For(target=target) | ast.AsyncFor(target=target):
            names += targets(target)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            names += [name for item in items if item.optional_vars for name in targets(item.optional_vars)]
        case ast.Match(cases=cases):
            names += [name for case in cases for name in captures(case.pattern)]
        case ast.AugAssign(target=ast.Name(id=name)) if name in found.functions or name in found.classes:
            names.append(name)
    rebound = _rebind(names, one, found, sure=sure)
    _nested_blocks(one, found, sure=sure)
    _simple_statement(one, found, sure=sure)
    _calls(one, found, sure=sure)
    written, found.written = found.written, []
    return [*rebound, *written]


def _nested_blocks(one: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    """Do the statements inside of one."""
    match one:
        case ast.If(test=test):
            truth = truth_of(test)
            if truth is not False and not is_main(test):
                one.body = _block(one.body, found, sure=sure and truth is True)
            if truth is not True:
                one.orelse = _block(one.orelse, found, sure=sure and truth is False)
        case ast.With() | ast.AsyncWith():
            one.body = _block(one.body, found, sure=False)
        case ast.Match(cases=cases):
            for case in cases:
                case.body = _block(case.body, found, sure=False)
        case ast.For(iter=ast.Tuple() | ast.List()) if (rounds := _rounds(one, found)) is not None:
            found.written = [made for line in rounds for made in _statement(line, found, sure=sure)]
        case ast.For() | ast.AsyncFor() | ast.While() | ast.Try():
            one.body = _block(one.body, found, sure=False)
            for handler in one.handlers if isinstance(one, ast.Try) else ():
                if handler.name in found.bound and handler.name:
                    found.miss(handler.name, handler, f"`except ... as {handler.name}` takes the name away")
                handler.body = _block(handler.body, found, sure=False)
            one.orelse = _block(one.orelse, found, sure=False)
            if isinstance(one, ast.Try):
                one.finalbody = _block(one.finalbody, found, sure=False)


def _rounds(loop: ast.For, found: _Bindings) -> list[ast.stmt] | None:
    from lockstep.surfaces.python.literal_loops import MOST, rounds  # noqa: PLC0415 - few modules loop over what stands there

    if (made := rounds(loop, MOST - found.rounds)) is None:
        return None
    found.rounds += made[1]
    return made[0]


def _simple_statement(one: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    match one:
        case ast.Raise() if sure:
            found.miss("", one, RAISES)
        case ast.Assert(test=test) if sure and truth_of(test) is False:
            found.miss("", one, RAISES)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assigned(target, value, one, found, sure=sure)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _assigned(target, value, one, found, sure=sure)
        case ast.AugAssign(target=ast.Attribute() | ast.Subscript() as target):
            _assigned(target, _UNKNOWN, one, found, sure=False)
        case ast.Delete(targets=targets):
            for target in parts(targets):
                _deleted(target, one, found, sure=sure)


def _rebind(names: list[str], at: ast.stmt, found: _Bindings, *, sure: bool) -> list[ast.stmt]:
    """Bind names to values that are not known, where they were bound before."""
    out: list[ast.stmt] = []
    for name in dict.fromkeys(names):
        if name not in found.bound:
            continue
        if sure:
            unknown = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=ast.Constant(value=...))
            out.append(ast.fix_missing_locations(ast.copy_location(unknown, at)))
        else:
            found.miss(name, at, "it may be assigned again dynamically; value unknown")
    return out


# ---- what statements bind


def _expressions(roots: list[ast.expr]) -> Iterator[ast.expr]:
    """Give all expressions that run where these stand."""
    pending: list[ast.AST] = list(roots)
    while pending:
        one = pending.pop()
        if isinstance(one, ast.expr):
            yield one
        if not isinstance(one, ast.Lambda):
            add_children(one, pending)


def _own_expressions(statement: ast.stmt) -> list[ast.expr]:
    """Give the expressions of a statement without those of the statements inside of it."""
    items = [item.context_expr for item in getattr(statement, "items", ())]
    return [*items, *(child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr))]


def _walrus(roots: list[ast.expr]) -> list[str]:
    return [one.target.id for one in _expressions(roots) if isinstance(one, ast.NamedExpr)]


# ---- classes and namespaces


def _assigned(target: ast.expr, value: ast.expr, at: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    match target:
        case ast.Name(id=name):
            found.bound.add(name)
        case ast.Tuple() | ast.List() | ast.Starred():
            for one in parts([target]):
                _assigned(one, _UNKNOWN, at, found, sure=sure)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in found.classes:
            _set_on_class(owner, name, value, at, found, sure=sure)
        case ast.Subscript(value=ast.Call(func=ast.Name(id=called), args=[]), slice=ast.Constant(value=str(name))) if (
            sure and called in _NAMESPACES and name not in found.bound
        ):
            found.bound.add(name)
            assigned = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
            found.written.append(ast.fix_missing_locations(ast.copy_location(assigned, at)))
        case ast.Subscript(value=ast.Call(func=ast.Name(id=called), args=[]), slice=key) if called in _NAMESPACES:
            _in_namespace(key, at, found)


def _set_on_class(owner: str, name: str, value: ast.expr, at: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    """Set an attribute on a class: a value that is written out, an object or a function of the module are members of its body.

    A name that the body declares is what the declaration says; a private one is nobody's.
    """
    cls = found.classes[owner]
    if name in _METADATA | _USED_ONCE or _is_private(name) or any(isinstance(one, ast.AnnAssign) and _binds(one, name) for one in cls.body):
        return
    word, inner = "", value
    match value:
        case ast.Call(func=ast.Name(id="staticmethod" | "classmethod" as word), args=[inner]):
            pass
    function = found.functions.get(inner.id) if isinstance(inner, ast.Name) else None
    if sure and function is not None and not function.decorator_list:
        made = copy.deepcopy(function)
        made.name = name
        made.decorator_list = [ast.copy_location(ast.Name(id=word, ctx=ast.Load()), at)] if word else []
        _remove_member(cls, name)
        cls.body.append(made)
    elif sure and (isinstance(value, ast.Constant | ast.Lambda) or (_is_object(value, found) and not any(_defines(one, name) for one in cls.body))):
        assigned = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
        if isinstance(value, ast.Constant) and value.value is None:
            _remove_member(cls, name)
        cls.body.append(ast.fix_missing_locations(ast.copy_location(assigned, at)))
    else:
        found.miss(f"{owner}.{name}", at, "assigned dynamically on the class; value unknown")


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _is_object(value: ast.expr, found: _Bindings) -> bool:
    """Say whether a value is a class of the module, an object of one, or what a method that is called on one gives."""
    named = value.func if isinstance(value, ast.Call) else value
    owner = named.value if isinstance(value, ast.Call) and isinstance(named, ast.Attribute) else named
    return isinstance(owner, ast.Name) and owner.id in found.classes


def _defines(one: ast.stmt, name: str) -> bool:
    return isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and one.name == name


def _binds(one: ast.stmt, name: str) -> bool:
    match one:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return one.name == name
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Name) and target.id == name for target in targets)
        case ast.AnnAssign(target=ast.Name(id=bound)):
            return bound == name
    return False


def _remove_member(cls: ast.ClassDef, name: str) -> bool:
    kept = [one for one in cls.body if not _binds(one, name)]
    dropped = len(kept) < len(cls.body)
    cls.body = kept or [ast.copy_location(ast.Pass(), cls)]
    return dropped


def _delete_in(cls: ast.ClassDef) -> None:
    """Take away what a class's body deletes again."""
    for i, one in enumerate(cls.body):
        if isinstance(one, ast.Delete):
            names = {target.id for target in parts(one.targets) if isinstance(target, ast.Name)}
            kept = [two for two in cls.body[:i] if not any(_binds(two, name) for name in names)]
            cls.body = [*kept, *(ast.copy_location(ast.Pass(), one) for _ in range(i - len(kept))), *cls.body[i:]]


def _deleted(target: ast.expr, at: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    match target:
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in found.classes and name not in _USED_ONCE:
            if not (sure and _remove_member(found.classes[owner], name)):
                found.miss(f"{owner}.{name}", at, "it is deleted from the class")
        case ast.Subscript(value=ast.Call(func=ast.Name(id=called), args=[]), slice=key) if called in _NAMESPACES:
            _in_namespace(key, at, found)


def _in_namespace(key: ast.expr | None, at: ast.AST, found: _Bindings) -> None:
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    found.miss(name, at, "the names of the module are changed by code that is not run here")


def _calls(statement: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    """Do what the calls of a statement do to names."""
    for one in _expressions(_own_expressions(statement)):
        match one:
            case ast.Call(func=ast.Name(id="setattr" | "delattr" as word), args=[ast.Name(id=owner), key, *rest]) if owner in found.classes:
                name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
                if name is None:
                    found.miss(owner, one, f"{word} changes it, by names that are not known")
                elif word == "setattr" and rest:
                    _set_on_class(owner, name, rest[0], statement, found, sure=sure)
                elif name not in _USED_ONCE and not (sure and _remove_member(found.classes[owner], name)):
                    found.miss(f"{owner}.{name}", one, "it is deleted from the class")
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[ast.Subscript(value=ast.Attribute(attr="modules")), key, *_]):
                _in_namespace(key, one, found)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id=called), args=[]), attr=method), args=args) if called in _NAMESPACES:
                if method in _CHANGES:
                    keyed = method in ("pop", "setdefault", "__setitem__", "__delitem__")
                    _in_namespace(args[0] if args and keyed else None, one, found)
            case ast.Call(func=ast.Name(id="exec" | "eval" as word)):
                _run_text(word, one, statement, found, sure=sure)
            case ast.Call(func=ast.Name(id=called)) if called in found.functions:
                _called(found.functions[called], one, found)
            case ast.Call() if sure and isinstance(statement, ast.Expr) and statement.value is one and plain(one.func) in _LEAVES:
                found.miss("", one, LEAVES)


def _run_text(word: str, call: ast.Call, at: ast.stmt, found: _Bindings, *, sure: bool) -> None:
    """Take code in a text: written out, it is as if it stood in the place of the call; with names of its own, it binds none here."""
    match call.args:
        case [_, other, *_] if not (isinstance(other, ast.Call) and plain(other.func) in _NAMESPACES):
            return
        case [ast.Constant(value=str(text)), *_] if (body := _parsed(text)) is not None:
            for node in (node for one in body for node in ast.walk(one) if hasattr(node, "lineno")):
                ast.copy_location(node, at)
            if sure:
                found.written += _block(body, found, sure=True)
            for name in dict.fromkeys(name for one in body for name in _bound_by(one)) if not sure else ():
                if not _is_private(name):
                    found.miss(name, at, f"{word} may bind it")
        case _:
            found.miss("", call, f"{word} runs code that may bind names")


def _parsed(text: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound_by(one: ast.stmt) -> Iterator[str]:
    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield one.name
        return
    for node in ast.walk(one):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__":
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


def _called(function: Function, at: ast.AST, found: _Bindings) -> None:
    """Note the names of the module that a function binds which is called while the module loads."""
    inner = [node for line in function.body for node in ast.walk(line)]
    for name in {name for node in inner if isinstance(node, ast.Global) for name in node.names} - _METADATA:
        found.miss(name, at, f"{function.name} may bind it when the module is imported")
    for node in inner:
        match node:
            case ast.Subscript(value=ast.Call(func=ast.Name(id="globals"), args=[]), slice=key, ctx=ast.Store() | ast.Del()):
                _in_namespace(key, at, found)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="globals"), args=[]), attr=method)) if method in _CHANGES:
                _in_namespace(None, at, found)
