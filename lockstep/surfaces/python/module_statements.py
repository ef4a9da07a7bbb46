"""The statements of a module, each with the names that it binds and may change, and the conditions and loops that it stands in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.surfaces.python.names import add_children, within
from lockstep.surfaces.python.reachability import is_main

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_RUN_WITH_CLASS = {"__init_subclass__", "__set_name__", "__prepare__"}
"""Methods that run where a class is only named."""
_MAKE_OBJECTS = {"__init__"}
"""Methods whose bodies say what objects have."""
_WORD = pattern(r"\w+")
_CONTAINERS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
_CONTAINER_CALLS = {"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "WeakValueDictionary", "WeakKeyDictionary"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The text of a statement, and the parts of it that run and that are only named."""

    text: str
    run: list[ast.AST]
    named: list[ast.AST]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One statement, or the head of one that has others inside: `under` are the heads that it stands in."""

    node: ast.AST
    first: int
    last: int
    binds: frozenset[str]
    changes: frozenset[str]
    under: tuple[Entry, ...] = ()

    @property
    def imports(self) -> bool:
        """Whether it is an import."""
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def words(self) -> frozenset[str]:
        """The names and texts in it, and the words of these."""
        found = {one.id for one in ast.walk(self.node) if isinstance(one, ast.Name)}
        texts = {one.value for one in ast.walk(self.node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        found |= texts | {word for text in texts for word in _WORD.findall(text)}
        return self.binds | self.changes | found

    def read(self, line: int | None, *, runs: bool) -> Reading:
        """Give what it reads; with `line`, of a call with keywords only the keyword that stands there."""
        node = _keyword(self.node, line) if line is not None else self.node
        run, named = ([node], []) if runs else _only_named(node)
        return Reading(text=_text(node, runs=runs), run=run, named=named)


class ModuleStatements:
    """The statements of one module."""

    def __init__(self, tree: ast.Module) -> None:
        self.entries: list[Entry] = list(_entries(tree.body, ()))
        self.stars = [one.node for one in self.entries if isinstance(one.node, ast.ImportFrom) and any(alias.name == "*" for alias in one.node.names)]
        self._about: dict[str, list[Entry]] = {}
        for one in self.entries:
            for name in one.binds | one.changes:
                self._about.setdefault(name, []).append(one)

    def at(self, line: int) -> Entry | None:
        """Give the innermost statement that a line belongs to."""
        return max((one for one in reversed(self.entries) if one.first <= line <= one.last), key=lambda one: (one.first, -one.last), default=None)

    def about(self, name: str) -> list[Entry]:
        """Give the statements that bind a name or may change what it holds."""
        return self._about.get(name, [])

    def binds(self, name: str) -> bool:
        """Say whether a statement binds a name."""
        return any(name in one.binds for one in self.about(name))

    def is_changed_in_function(self, name: str) -> bool:
        """Say whether the code of a function may change what a name holds: who calls it need not be here."""
        return any(isinstance(one.node, _DEFINITIONS) and name in _changed(one.node) for one in self.entries)


def is_registry(entry: Entry, name: str) -> bool:
    """Say whether a statement makes a container that code may fill later."""
    value = getattr(entry.node, "value", None)
    if name not in entry.binds or not isinstance(entry.node, ast.Assign | ast.AnnAssign):
        return False
    return isinstance(value, _CONTAINERS) or (isinstance(value, ast.Call) and getattr(value.func, "id", getattr(value.func, "attr", "")) in _CONTAINER_CALLS)


# ---- statements


def _entries(body: list[ast.stmt], under: tuple[Entry, ...]) -> Iterator[Entry]:
    for one in body:
        head: list[ast.AST] = []
        match one:
            case ast.If(test=test, orelse=other) if is_main(test):
                yield from _entries(other, under)
                continue
            case ast.If(test=test) | ast.While(test=test):
                head = [test]
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                head = [target, iterated]
            case ast.With(items=items) | ast.AsyncWith(items=items):
                head = list(items)
            case ast.Match(subject=subject, cases=cases):
                head = [subject, *(part for case in cases for part in (case.pattern, case.guard) if part is not None)]
            case ast.Try(handlers=handlers):
                head = [part for handler in handlers if (part := handler.type) is not None]
            case _:
                binds = frozenset(_bound(one))
                first = min([one.lineno, *(line.lineno for line in getattr(one, "decorator_list", ()))])
                yield Entry(node=one, first=first, last=one.end_lineno or one.lineno, binds=binds, changes=frozenset(_top_changes(one)) - binds, under=under)
                continue
        expressions = ast.Tuple(elts=head, ctx=ast.Load())  # type: ignore[arg-type]
        top = Entry(
            node=expressions, first=one.lineno, last=one.end_lineno or one.lineno, binds=frozenset(_stored(head)), changes=_called_with(head), under=under
        )
        yield top
        for inner in _bodies(one):
            yield from _entries(inner, (*under, top))


def _bodies(one: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(one, name, [])
    for inner in (*getattr(one, "handlers", ()), *getattr(one, "cases", ())):
        yield inner.body


def _bound(one: ast.stmt) -> Iterator[str]:
    match one:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            for inner in ast.walk(one):
                if isinstance(inner, ast.Global):
                    yield from inner.names
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or (alias.name.partition(".")[0] if isinstance(one, ast.Import) else alias.name) for alias in names)
        case _:
            yield from _stored([one])


def _stored(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
                yield one.id
            elif isinstance(one, ast.MatchAs | ast.MatchStar) and one.name:
                yield one.name


def _top_changes(one: ast.stmt) -> Iterator[str]:
    """Give the names whose objects a statement may change when it runs: what it calls with them, and the attributes and entries that it sets."""
    if isinstance(one, _DEFINITIONS):
        for decorator in one.decorator_list:
            yield from _called_with([decorator])
        return
    yield from _changed(one)


def _changed(node: ast.AST) -> set[str]:
    found = set(_called_with([node]))
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute | ast.Subscript) and not isinstance(one.ctx, ast.Load):
            found |= {inner.id for inner in ast.walk(one.value) if isinstance(inner, ast.Name)}
        elif isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            found.add(one.target.id)
    return found


def _called_with(nodes: list[ast.AST]) -> frozenset[str]:
    """Give the names that stand in calls: the object whose method is called, and the arguments."""
    calls = [one for node in nodes for one in ast.walk(node) if isinstance(one, ast.Call)]
    parts = [part for call in calls for part in (*([call.func.value] if isinstance(call.func, ast.Attribute) else []), *call.args, *call.keywords)]
    return frozenset(inner.id for part in parts for inner in ast.walk(part) if isinstance(inner, ast.Name))


# ---- what is read


def _keyword(node: ast.AST, line: int) -> ast.AST:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="setup") | ast.Attribute(attr="setup"), keywords=keywords)):
            return next((one for one in keywords if one.arg and one.value.lineno <= line <= (one.value.end_lineno or 0)), node)
    return node


def _only_named(node: ast.AST) -> tuple[list[ast.AST], list[ast.AST]]:
    """Part what runs of a statement from what it only names, where it is named itself."""
    run: list[ast.AST] = []
    named: list[ast.AST] = []
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            run += [*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
            named += [one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg) and one.annotation is not None]
            named += [node.returns] if node.returns is not None else []
        case ast.ClassDef():
            run += [*node.decorator_list, *(one.value for one in node.keywords)]
            named += node.bases
            for one in node.body:
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name in _RUN_WITH_CLASS:
                    run.append(one)
                elif isinstance(one, ast.FunctionDef) and one.name in _MAKE_OBJECTS:
                    named.append(one)
                else:
                    inner = _only_named(one)
                    run += inner[0]
                    named += inner[1]
        case ast.Assign() | ast.AnnAssign() if not any(isinstance(one, ast.Call | ast.BinOp | ast.Compare | ast.comprehension) for one in ast.walk(node)):
            named.append(node)
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name | ast.Attribute) for target in targets):
            run.append(value)
            named += targets
        case _:
            run.append(node)
    return run, named


def _text(node: ast.AST, *, runs: bool) -> str:
    """Write a statement without documentation and messages, and where it is only named without the bodies of functions that nobody runs."""
    left_out: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, list[ast.stmt]]] = []
    silenced: list[tuple[ast.Constant, str]] = []
    pending = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, _DEFINITIONS):
            body = one.body
            if not runs and not isinstance(one, ast.ClassDef) and one.name not in _RUN_WITH_CLASS | _MAKE_OBJECTS:
                left_out.append((one, body))
                one.body = []
            elif body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
                left_out.append((one, body))
                one.body = body[1:]
        for said in _says(one):
            for text in within(said):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    silenced.append((text, text.value))
                    text.value = ""
        add_children(one, pending)
    try:
        return ast.dump(node)
    finally:
        for definition, body in left_out:
            definition.body = body
        for text, value in silenced:
            text.value = value


def _says(node: ast.AST) -> list[ast.expr]:
    """Give the messages of a warning or an error: what they say binds no name."""
    match node:
        case ast.Raise(exc=ast.Call(args=args)):
            return args
        case ast.Call(func=ast.Name(id="warn") | ast.Attribute(attr="warn"), args=[message, *_]):
            return [message]
    return []
