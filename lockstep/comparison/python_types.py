"""Types as types: does what a caller gives, or takes, still fit?

Annotation text becomes a normal form: unions are flat and without order, `Optional[X]` is `X | None`, quotes are read, the names of `typing`
are those that they stand for. `assignable` answers as a type checker would, and says that it does not know where it does not: a class from
elsewhere, a protocol. What is known of the standard library stands in `_LIBRARY`.

Source: https://typing.python.org/en/latest/spec/concepts.html#assignability and the typeshed.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache, lru_cache
from typing import TypeAlias

from lockstep.dataclass import dataclass, field

DEEPEST = 60
"""How deep types stand in each other where they are compared; what is deeper is not known."""
MOST_STEPS = 500_000
"""How many times types are compared for one package; after that nothing more is known of them."""
WIDEST = 20_000
"""Pairs of members of two unions; where there are more, nothing is known."""
LARGEST = 20_000
"""Characters of an annotation; a longer one is compared as text."""


class Answer(Enum):
    """Whether a type fits another."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Named:
    """A class, perhaps with arguments; without them they are Any."""

    name: str
    arguments: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """One of several, None among them; never a union in a union, never one member alone."""

    members: frozenset[Type]


@dataclass(frozen=True, slots=True)
class Literal:
    """One value, as source text; `of` is its class, "" where it is not known."""

    value: str
    of: str


@dataclass(frozen=True, slots=True)
class Function:
    """A `Callable`; `takes` is None for `...` and for what cannot be compared one by one."""

    takes: tuple[Type, ...] | None
    gives: Type


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple of a fixed length, or with `rest` of any: `tuple[int, ...]`."""

    items: tuple[Type, ...]
    rest: Type | None = None


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not understood, as text."""

    text: str


Type: TypeAlias = Named | Union | Literal | Function | Tuple | Opaque

ANY = Named("typing.Any")
NONE = Named("None")
OBJECT = Named("builtins.object")
NEVER = Named("typing.Never")

_LOWER = {"List", "Dict", "Set", "FrozenSet", "Tuple", "Type"}
_RENAMED = {
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

# Variance: + covariant, - contravariant, nothing invariant. A name without a dot after the colon is of collections.abc.
# Source: https://github.com/python/typeshed/blob/main/stdlib/typing.pyi and builtins.pyi
_LIBRARY_TEXT = """
Container +T:
Iterable +T:
Hashable:
Sized:
Iterator +T: Iterable[T]
Reversible +T: Iterable[T]
Collection +T: Iterable[T] Container[T] Sized
Sequence +T: Reversible[T] Collection[T]
MutableSequence T: Sequence[T]
Set +T: Collection[T]
MutableSet T: Set[T]
Mapping K +V: Collection[K]
MutableMapping K V: Mapping[K,V]
MappingView: Sized
KeysView +K: MappingView Set[K]
ItemsView +K +V: MappingView Set[tuple[K,V]]
ValuesView +V: MappingView Collection[V]
Awaitable +T:
Coroutine +A -B +T: Awaitable[T]
AsyncIterable +T:
AsyncIterator +T: AsyncIterable[T]
AsyncGenerator +T -S: AsyncIterator[T]
Generator +T -S +R: Iterator[T]
Buffer:
ByteString: Sequence[builtins.int]
builtins.object:
builtins.list T: MutableSequence[T]
builtins.dict K V: MutableMapping[K,V]
builtins.set T: MutableSet[T]
builtins.frozenset +T: Set[T] Hashable
builtins.str: Sequence[builtins.str] Hashable
builtins.bytes: Sequence[builtins.int] Buffer Hashable
builtins.bytearray: MutableSequence[builtins.int] Buffer
builtins.memoryview T: Sequence[T] Buffer Hashable
builtins.range: Sequence[builtins.int] Hashable
builtins.complex: Hashable
builtins.float: builtins.complex
builtins.int: builtins.float
builtins.bool: builtins.int
builtins.slice:
builtins.type +T: Hashable
builtins.property:
builtins.enumerate +T: Iterator[tuple[builtins.int,T]]
builtins.zip +T: Iterator[T]
builtins.map +T: Iterator[T]
builtins.filter +T: Iterator[T]
builtins.reversed +T: Iterator[T]
collections.deque T: MutableSequence[T]
collections.defaultdict K V: builtins.dict[K,V]
collections.OrderedDict K V: builtins.dict[K,V]
collections.Counter K: builtins.dict[K,builtins.int]
collections.ChainMap K V: MutableMapping[K,V]
collections.UserDict K V: MutableMapping[K,V]
collections.UserList T: MutableSequence[T]
types.MappingProxyType K +V: Mapping[K,V]
typing.LiteralString: builtins.str
typing.NamedTuple: builtins.tuple
typing.TypedDict: Mapping[builtins.str,builtins.object]
typing.IO T: Iterator[T]
typing.TextIO: typing.IO[builtins.str]
typing.BinaryIO: typing.IO[builtins.bytes]
io.IOBase: Iterator[builtins.bytes]
io.RawIOBase: io.IOBase
io.BufferedIOBase: io.IOBase
io.TextIOBase: io.IOBase
io.BytesIO: io.BufferedIOBase typing.BinaryIO
io.StringIO: io.TextIOBase typing.TextIO
os.PathLike +T:
pathlib.PurePath: os.PathLike[builtins.str] Hashable
pathlib.Path: pathlib.PurePath
pathlib.PurePosixPath: pathlib.PurePath
pathlib.PosixPath: pathlib.Path
contextlib.AbstractContextManager +T:
contextlib.AbstractAsyncContextManager +T:
contextlib.ContextDecorator:
contextlib.ExitStack: contextlib.AbstractContextManager[typing.Any]
enum.Enum: Hashable
enum.ReprEnum: enum.Enum
enum.IntEnum: builtins.int enum.ReprEnum
enum.StrEnum: builtins.str enum.ReprEnum
enum.Flag: enum.Enum
enum.IntFlag: builtins.int enum.ReprEnum enum.Flag
asyncio.Future T: Awaitable[T]
asyncio.Task +T: asyncio.Future[T]
concurrent.futures.Future T:
datetime.date: Hashable
datetime.datetime: datetime.date
datetime.time: Hashable
datetime.timedelta: Hashable
decimal.Decimal: Hashable
numbers.Number: Hashable
fractions.Fraction: Hashable
uuid.UUID: Hashable
re.Pattern T: Hashable
re.Match T:
abc.ABC:
json.JSONDecodeError: builtins.ValueError
json.decoder.JSONDecodeError: builtins.ValueError
asyncio.TimeoutError: builtins.TimeoutError
asyncio.CancelledError: builtins.BaseException
socket.error: builtins.OSError
socket.timeout: builtins.TimeoutError
subprocess.SubprocessError: builtins.Exception
subprocess.CalledProcessError: subprocess.SubprocessError
urllib.error.URLError: builtins.OSError
urllib.error.HTTPError: urllib.error.URLError
configparser.Error: builtins.Exception
zipfile.BadZipFile: builtins.Exception
None: Hashable
"""
_STRUCTURAL = {
    *(f"collections.abc.{name}" for name in ("Container", "Iterable", "Hashable", "Sized", "Iterator", "Reversible", "Collection", "Awaitable")),
    *(f"collections.abc.{name}" for name in ("AsyncIterable", "AsyncIterator", "Buffer", "Callable")),
    *(f"typing.Supports{name}" for name in ("Abs", "Bytes", "Complex", "Float", "Index", "Int", "Round")),
    "os.PathLike",
    "contextlib.AbstractContextManager",
    "contextlib.AbstractAsyncContextManager",
}
"""What a class fits by its methods, whatever its bases are."""


@dataclass(frozen=True, slots=True)
class _Class:
    parameters: tuple[str, ...]
    bases: tuple[Type, ...]


@cache
def _library() -> Mapping[str, _Class]:
    abc = {line.split(" ")[0].rstrip(":") for line in _LIBRARY_TEXT.split("\n") if line and "." not in line.split(" ")[0] and not line.startswith("None")}

    def full(text: str) -> str:
        return "".join(f"collections.abc.{part}" if part in abc else "builtins.tuple" if part == "tuple" else part for part in _words(text))

    found: dict[str, _Class] = {}
    for line in _LIBRARY_TEXT.strip().split("\n"):
        head, _, bases = line.partition(":")
        name, *parameters = head.split(" ")
        found[full(name)] = _Class(tuple(parameters), tuple(parse(full(base)) for base in bases.split()))
    for name, thing in vars(builtins).items():
        if isinstance(thing, type) and issubclass(thing, BaseException):
            found.setdefault(f"builtins.{name}", _Class((), tuple(Named(f"builtins.{base.__name__}") for base in thing.__bases__)))
    return found


def _words(text: str) -> list[str]:
    out = [""]
    for char in text:
        if char in "[],":
            out += [char, ""]
        else:
            out[-1] += char
    return out


@lru_cache(maxsize=65536)
def parse(text: str) -> Type:
    """Read an annotation; what is no annotation is opaque."""
    if len(text) > LARGEST:
        return Opaque(text)
    try:
        return _read(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Opaque(text)


def union(members: Iterable[Type]) -> Type:
    """Make a union: flat, each member once, the one member itself where there is but one."""
    flat = frozenset(one for member in members for one in (member.members if isinstance(member, Union) else (member,)))
    if OBJECT in flat:
        return OBJECT
    flat = flat - {NEVER} or flat
    return next(iter(flat)) if len(flat) == 1 else Union(flat)


def _read(node: ast.expr) -> Type:
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str(text)):
            return _read(ast.parse(text.strip(), mode="eval").body)
        case ast.Name() | ast.Attribute():
            return _named(_dotted(node), ())
        case ast.BinOp(op=ast.BitOr()):
            members: list[Type] = []
            while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
                members.append(_read(node.right))
                node = node.left
            return union([*members, _read(node)])
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


def spelled(name: str) -> str:
    """Give the one spelling of a name that the typing module, or an old Python, spells otherwise: `typing.List` is `builtins.list`."""
    if name.startswith("typing_extensions."):
        name = "typing." + name.removeprefix("typing_extensions.")
    module, _, last = name.rpartition(".")
    if module == "typing" and last in _LOWER:
        return f"builtins.{last.lower()}"
    if module == "typing" and f"collections.abc.{last}" in _library_names():
        return f"collections.abc.{last}"
    return _RENAMED.get(name, name)


@cache
def _library_names() -> frozenset[str]:
    names = (line.replace(":", " ").split(" ")[0] for line in _LIBRARY_TEXT.strip().split("\n"))
    return frozenset({*(f"collections.abc.{name}" for name in names if "." not in name), "collections.abc.Callable"})


def _named(path: str, inner: tuple[ast.expr, ...]) -> Type:  # noqa: PLR0911 - one case a form
    name = spelled(path)
    match name:
        case _ if name in _ANYTHING:
            return ANY
        case "None":
            return NONE
        case "typing.Optional" if inner:
            return union((_read(inner[0]), NONE))
        case "typing.Union" if inner:
            return union(_read(one) for one in inner)
        case "typing.Literal" if inner:
            return union(_literal(one) for one in inner)
        case _ if name in _TRANSPARENT:
            return _read(inner[0]) if inner else ANY
        case "collections.abc.Callable":
            return _function(inner)
        case "builtins.tuple":
            return _tuple(inner)
        case "builtins.type" if len(inner) == 1 and isinstance(arguments := _read(inner[0]), Union):
            return union(Named(name, (one,)) for one in arguments.members)
        case "typing.TypeGuard" | "typing.TypeIs":
            return Named("builtins.bool")
        case "collections.abc.Generator" | "collections.abc.AsyncGenerator" if inner:  # what is sent and given last is None where it is not written
            count = 3 if name == "collections.abc.Generator" else 2
            return Named(name, (*(_read(one) for one in inner), NONE, NONE)[:count])
    return Named(name, tuple(_argument(one) for one in inner))


def _argument(node: ast.expr) -> Type:
    match node:
        case ast.List() | ast.Starred() | ast.Constant(value=bool() | int() | bytes()):
            return Opaque(ast.unparse(node))
        case ast.Constant(value=one) if one is ...:
            return ANY
    return _read(node)


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
    takes, gives = inner
    one_by_one = isinstance(takes, ast.List) and not any(isinstance(one, ast.Starred) for one in takes.elts)
    return Function(tuple(_read(one) for one in takes.elts) if one_by_one and isinstance(takes, ast.List) else None, _read(gives))


def _tuple(inner: tuple[ast.expr, ...]) -> Type:
    match inner:
        case ():
            return Tuple((), ANY)
        case (ast.Tuple(elts=[]),):
            return Tuple(())
        case (first, ast.Constant(value=rest)) if rest is ...:
            return Tuple((), _read(first))
        case _ if any(isinstance(one, ast.Starred) for one in inner):
            return Opaque(f"tuple[{', '.join(ast.unparse(one) for one in inner)}]")
    return Tuple(tuple(_read(one) for one in inner))


# ---- what fits what


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """What is known of the classes of a package.

    `line` gives all bases of a class of its own, None for a name that it does not define. `protocol` says that a class is fit by its methods.
    `bounds` are those of type variables, by their names: what is not one of them and has no dot is a class that nobody knows. `steps` are
    those that are left: every comparison takes one.
    """

    line: Callable[[str], tuple[str, ...] | None]
    protocol: Callable[[str], bool] = lambda _: False
    bounds: Mapping[str, Type] = field(default_factory=dict)
    steps: Iterator[int] = field(default_factory=lambda: iter(range(MOST_STEPS)))


def is_any(one: Type) -> bool:
    """Say whether a type is Any, or has it as a member: nobody can do wrong with it."""
    return one == ANY or (isinstance(one, Union) and ANY in one.members)


def assignable(source: Type, target: Type, known: Hierarchy, depth: int = 0) -> Answer:  # noqa: C901, PLR0911, PLR0912 - one case a form
    """Say whether a value of `source` goes where `target` is asked for."""
    if source in (target, NEVER) or is_any(source) or is_any(target) or target == OBJECT:
        return Answer.YES
    if depth > DEEPEST or next(known.steps, None) is None:
        return Answer.UNKNOWN
    deeper = depth + 1
    match source, target:
        case (Union(), _):
            left = source.members - target.members if isinstance(target, Union) else source.members
            if isinstance(target, Union) and len(left) * len(target.members) > WIDEST:
                return Answer.UNKNOWN
            return _all(_member(one, source, target, known, deeper) for one in left)
        case (Named(name=name), _) if name in known.bounds and not (isinstance(target, Union) and source in target.members):
            return assignable(known.bounds[name], target, known, deeper)
        case (_, Union()):
            if source == Named("builtins.bool") and {Literal("True", "builtins.bool"), Literal("False", "builtins.bool")} <= target.members:
                return Answer.YES
            return _any(assignable(source, one, known, deeper) for one in target.members)
        case (_, Named(name=name)) if name in known.bounds:
            return Answer.UNKNOWN
        case (Opaque(), _) | (_, Opaque()):
            return Answer.UNKNOWN
        case (Literal(), Literal()):
            return Answer.NO
        case (Literal(of=of), _):
            return assignable(Named(of), target, known, deeper)
        case (_, Literal(of=of)):
            return Answer.NO if _is_known(source, known) else Answer.UNKNOWN
        case (Function(), Function()):
            return _functions(source, target, known, deeper)
        case (Function(), Named()):
            return Answer.UNKNOWN if not _is_known(target, known) or known.protocol(target.name) else _yes(target.name == "collections.abc.Hashable")
        case (Named(name="builtins.type"), Function()):
            return Answer.YES
        case (_, Function()):
            return Answer.UNKNOWN if isinstance(source, Named) and not _is_library(source) else Answer.NO
        case (Tuple(), Tuple()):
            return _tuples(source, target, known, deeper)
        case (Tuple(), Named()):
            if target.name == "collections.abc.Hashable":
                return Answer.YES
            item = union([*source.items, *([source.rest] if source.rest else [])]) if source.items or source.rest else NEVER
            return _classes(Named("collections.abc.Sequence", (item,)), target, known, deeper)
        case (Named(), Tuple()):
            return Answer.NO if _is_library(source) else Answer.YES if "builtins.tuple" in (_line(source.name, known) or ()) else _not(source, known)
        case (Named(), Named()):
            return _classes(source, target, known, deeper)
    return Answer.UNKNOWN


def _member(one: Type, source: Union, target: Type, known: Hierarchy, depth: int) -> Answer:
    """Judge a member of a union: who wrote `Pan | str` meant that the two are not the same, so that `Pan` alone does not take a str."""
    answer = assignable(one, target, known, depth)
    left = target.members if isinstance(target, Union) else frozenset((target,))
    return Answer.NO if answer is Answer.UNKNOWN and one not in left and left < source.members else answer


def _all(answers: Iterable[Answer]) -> Answer:
    return _first(answers, Answer.NO, Answer.YES)


def _any(answers: Iterable[Answer]) -> Answer:
    return _first(answers, Answer.YES, Answer.NO)


def _first(answers: Iterable[Answer], decisive: Answer, otherwise: Answer) -> Answer:
    """Give the answer that decides, at once; else that something is not known; else the other one."""
    for answer in answers:
        if answer is decisive:
            return decisive
        otherwise = Answer.UNKNOWN if answer is Answer.UNKNOWN else otherwise
    return otherwise


def _yes(holds: bool) -> Answer:  # noqa: FBT001 - it is the value
    return Answer.YES if holds else Answer.NO


def _is_library(one: Type) -> bool:
    return not isinstance(one, Named) or one.name in _library()


def _is_known(one: Type, known: Hierarchy) -> bool:
    return _is_library(one) or (isinstance(one, Named) and known.line(one.name) is not None)


def _not(source: Named, known: Hierarchy) -> Answer:
    """Answer where no base of `source` fits: no, if all of its bases are known."""
    line = _line(source.name, known)
    return Answer.NO if line is not None and all(name in _library() or known.line(name) is not None for name in line) else Answer.UNKNOWN


def _line(name: str, known: Hierarchy) -> tuple[str, ...] | None:
    if name in _library():
        return library_line(name)
    return known.line(name)


@cache
def library_line(name: str) -> tuple[str, ...]:
    """Give all bases of a class of the standard library, as far as they are known; nearest first."""
    found: list[str] = []
    pending = [name]
    while pending:
        for base in _library()[pending.pop(0)].bases if name in _library() else ():
            if isinstance(base, Named) and base.name not in found:
                found.append(base.name)
                if base.name in _library():
                    pending.append(base.name)
    return tuple(found)


def is_library(name: str) -> bool:
    """Say whether the bases of a class of the standard library are known."""
    return name in _library()


def _functions(source: Function, target: Function, known: Hierarchy, depth: int) -> Answer:
    gives = assignable(source.gives, target.gives, known, depth)
    if source.takes is None or target.takes is None:
        return gives
    if len(source.takes) != len(target.takes):
        return Answer.NO
    return _all([gives, *(assignable(theirs, ours, known, depth) for ours, theirs in zip(source.takes, target.takes, strict=True))])


def _tuples(source: Tuple, target: Tuple, known: Hierarchy, depth: int) -> Answer:
    if target.rest is not None:
        parts = [*source.items, *([source.rest] if source.rest is not None else [])]
        return _all(assignable(one, target.rest, known, depth) for one in parts)
    if source.rest is not None:
        return _yes(source.rest == ANY)
    if len(source.items) != len(target.items):
        return Answer.NO
    return _all(assignable(one, other, known, depth) for one, other in zip(source.items, target.items, strict=True))


def _classes(source: Named, target: Named, known: Hierarchy, depth: int) -> Answer:
    if source.name == target.name:
        return _arguments(source, target, known, depth)
    if (ours := _library().get(source.name)) is not None:
        if target.name not in _library():
            return Answer.NO if known.line(target.name) is not None and not known.protocol(target.name) else Answer.UNKNOWN
        given = dict(zip((one.lstrip("+-") for one in ours.parameters), source.arguments or (ANY,) * len(ours.parameters), strict=False))
        return _any(assignable(_filled(base, given), target, known, depth) for base in ours.bases)
    line = known.line(source.name)
    if line is None or known.protocol(target.name):
        return Answer.YES if line and target.name in line else Answer.UNKNOWN
    if target.name in line or target.name == "collections.abc.Hashable":
        return Answer.YES
    if target.name not in _library():
        return _not(source, known)
    found = _any(assignable(Named(one), target, known, depth) for one in line if one in _library())
    return found if found is Answer.YES else Answer.UNKNOWN if target.name in _STRUCTURAL else _not(source, known)


def _filled(one: Type, given: Mapping[str, Type]) -> Type:
    """Put arguments where the parameters of a library class stand."""
    match one:
        case Named(name=name) if name in given:
            return given[name]
        case Named(name=name, arguments=arguments):
            return Named(name, tuple(_filled(argument, given) for argument in arguments))
        case Tuple(items=items):
            return Tuple(tuple(_filled(item, given) for item in items))
    return one


def _arguments(source: Named, target: Named, known: Hierarchy, depth: int) -> Answer:
    if not source.arguments or not target.arguments:
        return Answer.YES
    if len(source.arguments) != len(target.arguments):
        return Answer.UNKNOWN
    ours = _library().get(source.name)
    marks = [one[0] for one in ours.parameters] if ours else []
    answers: list[Answer] = []
    for i, (one, other) in enumerate(zip(source.arguments, target.arguments, strict=True)):
        there, back = assignable(one, other, known, depth), assignable(other, one, known, depth)
        match marks[i] if i < len(marks) else "?":
            case "+":
                answers.append(there)
            case "-":
                answers.append(back)
            case "?":  # a class whose variance nobody wrote down
                answers.append(there if there is back else Answer.UNKNOWN)
            case _:
                answers.append(_all((there, back)))
    return _all(answers)


_NAME = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?:[^\W\d]\w*\.)+([^\W\d]\w*)")


LONGEST = 120
"""Characters of an annotation in a message; the signatures beside it have more."""


def short(text: str | None) -> str:
    """Write an annotation for readers: the last part of each name, cut where it is long."""
    if text is None:
        return ""
    written = _NAME.sub(lambda found: found[1] or found[0], text)
    return written if len(written) <= LONGEST else f"{written[:LONGEST].rstrip()}..."


# ---- type variables


def bind(template: Type, given: Type, variables: frozenset[str], bound: dict[str, Type]) -> None:  # noqa: C901 - one case a form
    """Find what the type variables of `template` stand for where `given` is in its place; what is bound first stays."""
    match template, given:
        case (Named(name=name), _) if name in variables:
            bound.setdefault(name, given)
        case (Named(name=name, arguments=ours), Named(name=other, arguments=theirs)) if name == other:
            for one, two in zip(ours, theirs, strict=False):
                bind(one, two, variables, bound)
        case (Tuple(items=ours, rest=rest), Tuple(items=theirs, rest=last)):
            for one, two in zip(ours, theirs, strict=False):
                bind(one, two, variables, bound)
            if rest is not None and last is not None:
                bind(rest, last, variables, bound)
        case (Function(takes=ours_taken, gives=gives), Function(takes=theirs_taken, gives=other_gives)):
            for one, two in zip(ours_taken or (), theirs_taken or (), strict=False):
                bind(one, two, variables, bound)
            bind(gives, other_gives, variables, bound)
        case (Union(members=ours_members), Union(members=theirs_members)):
            rest_ours, rest_theirs = ours_members - theirs_members, theirs_members - ours_members
            if len(rest_ours) == 1:
                bind(next(iter(rest_ours)), union(rest_theirs) if rest_theirs else NEVER, variables, bound)
        case (Union(members=members), _):
            for one in members:
                bind(one, given, variables, bound)


def free(one: Type, depth: int = 0) -> frozenset[str]:
    """Give the names without a dot: classes are written in full, so that these are type variables, if only of a base."""
    if depth > DEEPEST:
        return frozenset()
    match one:
        case Named(name=name, arguments=arguments):
            own = frozenset((name,)) if "." not in name and name != "None" else frozenset()
            return own.union(*(free(part, depth + 1) for part in arguments))
        case Union(members=members):
            return frozenset[str]().union(*(free(part, depth + 1) for part in members))
        case Function(takes=takes, gives=gives):
            return free(gives, depth + 1).union(*(free(part, depth + 1) for part in takes or ()))
        case Tuple(items=items, rest=rest):
            return frozenset[str]().union(*(free(part, depth + 1) for part in (*items, *((rest,) if rest is not None else ()))))
    return frozenset()


def substituted(one: Type, bound: Mapping[str, Type], depth: int = 0) -> Type:
    """Put what they stand for in the place of type variables."""
    if not bound or depth > DEEPEST:
        return one

    def inner(part: Type) -> Type:
        return substituted(part, bound, depth + 1)

    match one:
        case Named(name=name) if name in bound:
            return bound[name]
        case Named(name=name, arguments=arguments):
            return Named(name, tuple(inner(part) for part in arguments))
        case Union(members=members):
            return union(inner(part) for part in members)
        case Function(takes=takes, gives=gives):
            return Function(None if takes is None else tuple(inner(part) for part in takes), inner(gives))
        case Tuple(items=items, rest=rest):
            return Tuple(tuple(inner(part) for part in items), None if rest is None else inner(rest))
    return one


def replaced(one: Type, old: Type, new: Type, depth: int = 0) -> Type:
    """Put `new` wherever `old` stands, in a union too that has its members among others."""
    if one == old:
        return new
    if depth > DEEPEST:
        return one

    def inner(part: Type) -> Type:
        return replaced(part, old, new, depth + 1)

    match one:
        case Named(name=name, arguments=arguments):
            return Named(name, tuple(inner(part) for part in arguments))
        case Union(members=members):
            wanted = old.members if isinstance(old, Union) else frozenset((old,))
            if wanted <= members:
                return union([new, *(inner(part) for part in members - wanted)])
            return union(inner(part) for part in members)
        case Function(takes=takes, gives=gives):
            return Function(None if takes is None else tuple(inner(part) for part in takes), inner(gives))
        case Tuple(items=items, rest=rest):
            return Tuple(tuple(inner(part) for part in items), None if rest is None else inner(rest))
    return one
