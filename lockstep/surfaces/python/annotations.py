"""Types as the rules compare them: every name in full, one spelling for what means the same.

`Optional[X]`, `Union[X, None]` and `X | None` are `X | None`; `typing.List` is `builtins.list`, `typing.Sequence` is
`collections.abc.Sequence`, `typing_extensions` is `typing`; quotes are parsed, `Annotated[X, ...]` is X, an alias of a type is what it
stands for. A class of the package is written with its public name.

Source: https://typing.python.org/en/latest/spec/; PEP 585 and PEP 604.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lockstep.comparison.python_annotations import canonical_name
from lockstep.pattern import pattern
from lockstep.surface import TypeParameter
from lockstep.surfaces.python.names import dotted
from lockstep.surfaces.python.symbol_table import SymbolTable

if TYPE_CHECKING:
    import griffe

    from lockstep.surfaces.python.symbol_table import Thing

DEEPEST = 50
"""How many aliases are replaced inside of each other."""
LONGEST = 4000
"""Characters of the longest type that takes the place of its alias."""

QUALIFIERS = {f"typing.{name}" for name in ("ClassVar", "Final", "Required", "NotRequired", "ReadOnly")} | {"dataclasses.InitVar"}
"""What says something of a variable and not of its type."""


_STARS = {"TypeVarTuple": "*", "ParamSpec": "**"}
_CLASS_LIKE = pattern(r"[A-Z]\w*[a-z]\w*|ndarray")


class TypeParameterNode(Protocol):
    """What the syntax tree has of a PEP 695 parameter."""

    name: str


class _Written(NamedTuple):
    text: str
    parameters: dict[str, TypeParameter]
    replaced: bool


class Types:
    """Writes types. `public` gives the public name of what is defined elsewhere."""

    def __init__(self, symbols: SymbolTable, public: Mapping[str, str]) -> None:
        self._symbols = symbols
        self._public = public
        self.parameters: dict[str, TypeParameter] = {}
        """The type parameters that were written since this was last cleared."""
        self.replaced = 0
        """How often an alias was replaced."""
        self._names: dict[tuple[str, int, bool], _Written] = {}
        self._aliases: dict[str, tuple[str | None, dict[str, TypeParameter]]] = {}
        self._open: list[str] = []
        self._endless: set[str] = set()

    def name(self, path: str, scope: griffe.Object | griffe.Alias | None) -> str:
        """Give the full name of what a dotted name means in a scope."""
        found = self._symbols.lookup(path, scope, types=True)
        full = found if isinstance(found, str) else path if found is None else found.path
        return self.spelled(full)

    def spelled(self, full: str) -> str:
        """Spell a full name as all are spelled here."""
        modern = canonical_name(full)
        return self._public.get(modern, modern)

    def text(self, node: ast.expr | None, scope: griffe.Object | griffe.Alias | None) -> str | None:
        """Write a type; None when there is none."""
        if node is None:
            return None
        try:
            return self._write(node, scope, replace=True)
        except RecursionError:
            return None

    def shown(self, node: ast.expr | None, scope: griffe.Object | griffe.Alias | None) -> str | None:
        """Write a type for readers: short names, and aliases as they stand."""
        if node is None:
            return None
        try:
            return short(self._write(node, scope, replace=False))
        except RecursionError:
            return "..."

    def qualifiers(self, node: ast.expr | None, scope: griffe.Object | griffe.Alias | None) -> set[str]:
        """Give the qualifiers around a type: `ClassVar`, `Final`, `Required`..."""
        found: set[str] = set()
        while node is not None:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node = parsed(node.value)
                continue
            head = node.value if isinstance(node, ast.Subscript) else node
            path = dotted(head)
            if not path or (name := self.name(path, scope)) not in QUALIFIERS | {"typing.Annotated"}:
                break
            found.add(name.rpartition(".")[2])
            inner = node.slice if isinstance(node, ast.Subscript) else None
            node = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
        return found

    def _write(self, node: ast.expr, scope: griffe.Object | griffe.Alias | None, *, replace: bool) -> str:
        """Write a type; `replace` puts what an alias stands for in its place."""
        match node:
            case ast.Constant(value=None):
                return "None"
            case ast.Constant(value=str(text)):
                inner = parsed(text)
                return repr(text) if inner is None else self._write(inner, scope, replace=replace)
            case ast.Constant(value=value):
                return "..." if value is ... else repr(value)
            case ast.Name() | ast.Attribute() if path := dotted(node):
                return self._named(path, scope, replace=replace)
            case ast.Subscript(value=head, slice=inner):
                return self._subscript(head, inner, scope, replace=replace)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return union((self._write(left, scope, replace=replace), self._write(right, scope, replace=replace)))
            case ast.List(elts=elts) | ast.Tuple(elts=[_, *_] as elts):
                written = ", ".join(self._write(one, scope, replace=replace) for one in elts)
                return f"[{written}]" if isinstance(node, ast.List) else written
            case ast.Starred(value=inner):
                return f"*{self._write(inner, scope, replace=replace)}"
        return ast.unparse(node)

    def _named(self, path: str, scope: griffe.Object | griffe.Alias | None, *, replace: bool) -> str:
        key = (path, id(scope), replace)
        if (known := self._names.get(key)) is None:
            kept, self.parameters = self.parameters, {}
            before = self.replaced
            written = self._name(path, scope, replace=replace)
            known = _Written(written, self.parameters, self.replaced > before)
            self.parameters = kept
            if not self._open:  # what is written inside of an alias may be cut short by it
                self._names[key] = known
        elif known.replaced:
            self.replaced += 1
        for name, one in known.parameters.items():
            self.parameters.setdefault(name, one)
        return known.text

    def _name(self, path: str, scope: griffe.Object | griffe.Alias | None, *, replace: bool) -> str:
        if (bracketed := self._bracketed(path, scope)) is not None:
            self.parameters[bracketed.name] = bracketed
            return path
        found = self._symbols.lookup(path, scope, types=True)
        if found is None or isinstance(found, str):
            name = self.spelled(found or path)
            if name == "typing.AnyStr":
                self.parameters["AnyStr"] = TypeParameter(name="AnyStr", constraints=("builtins.str", "builtins.bytes"))
                return "AnyStr"
            return name
        if replace and (value := self._symbols.alias_value(found)) is not None and (written := self._replaced(found, value)) is not None:
            self.replaced += 1
            return written
        if (variable := self._variable(found)) is not None:
            self.parameters[variable.name] = variable
            return variable.name.lstrip("*")
        return self.spelled(found.path)

    def _replaced(self, alias: Thing, value: ast.expr) -> str | None:
        """Write what an alias stands for; None for one that stands for itself somewhere in it, or for too much."""
        if alias.path in self._open:
            self._endless.update(self._open[self._open.index(alias.path) :])
        if alias.path in self._open or len(self._open) >= DEEPEST:
            return None
        if alias.path not in self._aliases:
            kept, self.parameters = self.parameters, {}
            self._open.append(alias.path)
            try:
                written: str | None = self._write(value, alias.parent, replace=True)
            finally:
                self._open.pop()
                found, self.parameters = self.parameters, kept
            if alias.path in self._endless or len(written or "") > LONGEST:
                written = None
            self._aliases[alias.path] = (written, found)
        written, found = self._aliases[alias.path]
        if written is not None:
            self.parameters |= {name: one for name, one in found.items() if name not in self.parameters}
        return written

    # ---- type parameters

    def _bracketed(self, name: str, scope: griffe.Object | griffe.Alias | None) -> TypeParameter | None:
        """Give the PEP 695 parameter that a name is in a scope."""
        while scope is not None and not scope.is_module:
            for one in getattr(self._symbols.fact(scope).node, "type_params", ()):
                if one.name == name:
                    return self._parameter(one, scope.parent)
            scope = scope.parent
        return None

    def _parameter(self, node: TypeParameterNode, scope: griffe.Object | griffe.Alias | None) -> TypeParameter:
        bound = getattr(node, "bound", None)
        constraints = tuple(self._write(one, scope, replace=True) for one in bound.elts) if isinstance(bound, ast.Tuple) else ()
        default = getattr(node, "default_value", None)
        return TypeParameter(
            name=_STARS.get(type(node).__name__, getattr(node, "stars", "")) + node.name,
            bound=None if bound is None or constraints else self._write(bound, scope, replace=True),
            constraints=constraints,
            default=None if default is None else self._write(default, scope, replace=True),
        )

    def _variable(self, thing: Thing) -> TypeParameter | None:
        """Give the parameter that `T = TypeVar("T")` makes."""
        node = self._symbols.fact(thing).node
        if not isinstance(node, ast.Assign) or not isinstance(call := node.value, ast.Call) or not (path := dotted(call.func)):
            return None
        kind = path.rpartition(".")[2]
        if kind not in {"TypeVar", "ParamSpec", "TypeVarTuple"}:
            return None
        options = {one.arg: one.value for one in call.keywords if one.arg}
        bound, default = options.get("bound"), options.get("default")
        return TypeParameter(
            name=_STARS.get(kind, "") + thing.name,
            bound=self.text(bound, thing.parent),
            constraints=tuple(self._write(one, thing.parent, replace=True) for one in call.args[1:]),
            default=self.text(default, thing.parent),
            covariant=_is_true(options.get("covariant")),
            contravariant=_is_true(options.get("contravariant")),
        )

    def own_parameters(self, thing: Thing) -> tuple[TypeParameter, ...]:
        """Give the parameters in a definition's own brackets: PEP 695, or `Generic[...]` and `Protocol[...]` among the bases."""
        node = self._symbols.fact(thing).node
        if found := getattr(node, "type_params", ()):
            return tuple(self._parameter(one, thing.parent) for one in found)
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if isinstance(base, ast.Subscript) and (path := dotted(base.value)) and self.name(path, thing.parent) in {"typing.Generic", "typing.Protocol"}:
                    kept, self.parameters = self.parameters, {}
                    self._write(base.slice, thing.parent, replace=True)
                    found, self.parameters = tuple(self.parameters.values()), kept
                    return found
        return ()

    # ---- what is a type

    def bases(self, cls: griffe.Class) -> Iterator[str]:
        """Write the bases of a class with what stands in their brackets."""
        fact = self._symbols.fact(cls)
        if not isinstance(fact.node, ast.ClassDef):
            yield from (self.spelled(base if isinstance(base, str) else base.path) for base in self._symbols.bases(cls))
            return
        for base in fact.node.bases:
            if not isinstance(base, ast.Starred):
                written = self.text(base, cls.parent) if dotted(base) else ast.unparse(base)
                if written and not written.startswith(("typing.Generic[", "typing.Protocol[")):
                    yield written
                elif written:
                    yield written.partition("[")[0]

    def is_type(self, value: ast.expr, node: ast.AST | None, scope: griffe.Object | griffe.Alias | None) -> bool:
        """Say whether `name = value` makes an alias of a type and not a variable."""
        if isinstance(node, ast.AnnAssign):
            return True
        while isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
            if not (self._is_class(value.right, scope) or self.is_type(value.right, None, scope)):
                return False
            value, node = value.left, None
            if self._is_class(value, scope):
                return True
        match value:
            case ast.Subscript(value=head):
                return self._is_class(head, scope)
            case ast.Constant(value=None):
                return True
        return isinstance(value, ast.Name | ast.Attribute) and node is None and self._is_class(value, scope)

    def _is_class(self, node: ast.expr, scope: griffe.Object | griffe.Alias | None) -> bool:
        path = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        found = self._symbols.lookup(path, scope) if path else None
        if found is None or isinstance(found, str):
            last = (found or "").rpartition(".")[2]
            return isinstance(getattr(builtins, last, None), type) if (found or "").startswith("builtins.") else bool(_CLASS_LIKE.fullmatch(last))
        value = self._symbols.alias_value(found)
        return found.is_class or (value is not None and value is not node and self.is_type(value, self._symbols.fact(found).node, found.parent))

    def _subscript(self, head: ast.expr, inner: ast.expr, scope: griffe.Object | griffe.Alias | None, *, replace: bool) -> str:
        path = dotted(head)
        name = self._named(path, scope, replace=False) if path else self._write(head, scope, replace=replace)
        elts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        match name:
            case "typing.Optional":
                return union((self._write(inner, scope, replace=replace), "None"))
            case "typing.Union":
                return union(tuple(self._write(one, scope, replace=replace) for one in elts))
            case "typing.Literal":
                return f"typing.Literal[{', '.join(self._literal(one, scope) for one in elts)}]"
            case "typing.Unpack":
                return f"*{self._write(inner, scope, replace=replace)}"
            case "typing.Annotated":
                return self._write(elts[0], scope, replace=replace) if elts else name
            case _ if name in QUALIFIERS:
                return self._write(inner, scope, replace=replace)
        return f"{name}[{self._write(inner, scope, replace=replace)}]"

    def _literal(self, node: ast.expr, scope: griffe.Object | griffe.Alias | None) -> str:
        path = dotted(node)
        return self.name(path, scope) if path else ast.unparse(node)


@lru_cache(maxsize=8192)
def parsed(text: str) -> ast.expr | None:
    """Parse a quoted type; None when it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def union(parts: tuple[str, ...]) -> str:
    """Write a union: flat, each member once, None last."""
    flat = list(dict.fromkeys(one for part in parts for one in members(part)))
    return " | ".join([*(one for one in flat if one != "None"), *(one for one in flat if one == "None")])


def members(written: str) -> list[str]:
    """Split a written type at the bars of its outermost union."""
    if " | " not in written:
        return [written]
    out, depth, start, quote = [], 0, 0, ""
    for i, char in enumerate(written):
        if quote:
            quote = "" if char == quote and written[i - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char in "[(":
            depth += 1
        elif char in "])":
            depth -= 1
        elif depth == 0 and written.startswith(" | ", i):
            out.append(written[start:i])
            start = i + 3
    return [*out, written[start:]]


_QUALIFIED = pattern(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?:[^\W\d]\w*\.)+([^\W\d]\w*)")


@lru_cache(maxsize=65536)
def short(written: str) -> str:
    """Write a type for readers: the last part of each name."""
    return _QUALIFIED.sub(lambda found: found[1] or found[0], written)
