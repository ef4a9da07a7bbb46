"""Annotations as types: quotes are read, `Optional[X]` is `X | None`, and the names of `typing` are those that they stand for.

Source: https://typing.python.org/en/latest/spec/annotations.html
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from lockstep.comparison.python_types import ANY, NONE, Function, Literal, Named, Opaque, Tuple, Type, Union, union

LARGEST = 20_000
"""Characters of an annotation; a longer one is compared as text."""
LONGEST = 120
"""Characters of an annotation in a message; the signatures beside it have more."""

ABSTRACT_CLASSES = frozenset(
    f"collections.abc.{name}"
    for name in (
        *("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "Buffer", "ByteString", "Callable", "Collection", "Container", "Coroutine"),
        *("Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping", "MappingView", "MutableMapping", "MutableSequence"),
        *("MutableSet", "Reversible", "Sequence", "Set", "Sized", "ValuesView"),
    )
)
"""The classes of collections.abc, which `typing` names too."""

_BUILTIN_ALIASES = {"List", "Dict", "Set", "FrozenSet", "Tuple", "Type"}
_ALIASES = {
    "typing.AbstractSet": "collections.abc.Set",
    "typing.Deque": "collections.deque",
    "typing.DefaultDict": "collections.defaultdict",
    "typing.OrderedDict": "collections.OrderedDict",
    "typing.Counter": "collections.Counter",
    "typing.ChainMap": "collections.ChainMap",
    "typing.Text": "builtins.str",
    "typing.Pattern": "re.Pattern",
    "typing.Match": "re.Match",
    "typing.ContextManager": "contextlib.AbstractContextManager",
    "typing.AsyncContextManager": "contextlib.AbstractAsyncContextManager",
    "typing.NoReturn": "typing.Never",
    "types.NoneType": "None",
    "builtins.None": "None",
    "builtins.EnvironmentError": "builtins.OSError",
    "builtins.IOError": "builtins.OSError",
    "_typeshed.Incomplete": "typing.Any",
    "_typeshed.Unused": "builtins.object",
}
_TRANSPARENT = {"typing.ClassVar", "typing.Final", "typing.Required", "typing.NotRequired", "typing.ReadOnly", "typing.Annotated", "dataclasses.InitVar"}
_ANYTHING = {"typing.Any", "builtins.any"}
_NAME = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?:[^\W\d]\w*\.)+([^\W\d]\w*)")


@lru_cache(maxsize=65536)
def parse(text: str) -> Type:
    """Read an annotation; what is no annotation is opaque."""
    if len(text) > LARGEST:
        return Opaque(text)
    try:
        return _type_of(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Opaque(text)


def _type_of(node: ast.expr) -> Type:
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str(text)):
            return _type_of(ast.parse(text.strip(), mode="eval").body)
        case ast.Name() | ast.Attribute():
            return _named(_dotted(node), ())
        case ast.BinOp(op=ast.BitOr()):
            members: list[Type] = []
            while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
                members.append(_type_of(node.right))
                node = node.left
            return union([*members, _type_of(node)])
        case ast.Subscript(value=head, slice=inner):
            return _named(_dotted(head), tuple(inner.elts) if isinstance(inner, ast.Tuple) else (inner,))
    return Opaque(ast.unparse(node))


def _dotted(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        raise ValueError("not a name")  # noqa: TRY004 - `parse` makes it opaque
    return ".".join([node.id, *reversed(names)])


def canonical_name(name: str) -> str:
    """Give the one spelling of a name that the typing module, or an old Python, spells otherwise: `typing.List` is `builtins.list`."""
    if name.startswith("typing_extensions."):
        name = "typing." + name.removeprefix("typing_extensions.")
    module, _, last = name.rpartition(".")
    if module == "typing" and last in _BUILTIN_ALIASES:
        return f"builtins.{last.lower()}"
    if module == "typing" and f"collections.abc.{last}" in ABSTRACT_CLASSES:
        return f"collections.abc.{last}"
    return _ALIASES.get(name, name)


def _named(path: str, inner: tuple[ast.expr, ...]) -> Type:  # noqa: PLR0911 - one case a form
    name = canonical_name(path)
    match name:
        case _ if name in _ANYTHING:
            return ANY
        case "None":
            return NONE
        case "typing.Optional" if inner:
            return union((_type_of(inner[0]), NONE))
        case "typing.Union" if inner:
            return union(_type_of(one) for one in inner)
        case "typing.Literal" if inner:
            return union(_literal(one) for one in inner)
        case _ if name in _TRANSPARENT:
            return _type_of(inner[0]) if inner else ANY
        case "collections.abc.Callable":
            return _function(inner)
        case "builtins.tuple":
            return _tuple(inner)
        case "builtins.type" if len(inner) == 1 and isinstance(arguments := _type_of(inner[0]), Union):
            return union(Named(name, (one,)) for one in arguments.members)
        case "typing.TypeGuard" | "typing.TypeIs":
            return Named("builtins.bool")
        case "collections.abc.Generator" | "collections.abc.AsyncGenerator" if inner:  # what is sent and given last is None where it is not written
            count = 3 if name == "collections.abc.Generator" else 2
            return Named(name, (*(_type_of(one) for one in inner), NONE, NONE)[:count])
    return Named(name, tuple(_argument(one) for one in inner))


def _argument(node: ast.expr) -> Type:
    match node:
        case ast.List() | ast.Starred() | ast.Constant(value=bool() | int() | bytes()):
            return Opaque(ast.unparse(node))
        case ast.Constant(value=one) if one is ...:
            return ANY
    return _type_of(node)


def _literal(node: ast.expr) -> Type:
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=value):
            return Literal(repr(value), f"builtins.{type(value).__name__}")
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return Literal(repr(-value), "builtins.int")
        case ast.Attribute(value=owner):
            return Literal(_dotted(node), _dotted(owner))
    return Opaque(ast.unparse(node))


def _function(inner: tuple[ast.expr, ...]) -> Type:
    if len(inner) != 2:  # Callable alone
        return Function(None, ANY)
    parameters, returns = inner
    one_by_one = isinstance(parameters, ast.List) and not any(isinstance(one, ast.Starred) for one in parameters.elts)
    return Function(tuple(_type_of(one) for one in parameters.elts) if one_by_one and isinstance(parameters, ast.List) else None, _type_of(returns))


def _tuple(inner: tuple[ast.expr, ...]) -> Type:
    match inner:
        case ():
            return Tuple((), ANY)
        case (ast.Tuple(elts=[]),):
            return Tuple(())
        case (first, ast.Constant(value=rest)) if rest is ...:
            return Tuple((), _type_of(first))
        case _ if any(isinstance(one, ast.Starred) for one in inner):
            return Opaque(f"tuple[{', '.join(ast.unparse(one) for one in inner)}]")
    return Tuple(tuple(_type_of(one) for one in inner))


def short(text: str | None) -> str:
    """Write an annotation for readers: the last part of each name, cut where it is long."""
    if text is None:
        return ""
    written = _NAME.sub(lambda found: found[1] or found[0], text)
    return written if len(written) <= LONGEST else f"{written[:LONGEST].rstrip()}..."
