"""The classes of Python's standard library: what they descend from, and which names they give to a class that descends from them.

Sources: the typeshed (https://github.com/python/typeshed/tree/main/stdlib) for bases and variance, the running Python for names.
"""

from __future__ import annotations

import builtins
import collections
import collections.abc
import contextlib
import enum
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

from lockstep.comparison.python_annotations import ABSTRACT_CLASSES, parse
from lockstep.comparison.python_types import Named, Type
from lockstep.dataclass import dataclass
from lockstep.surface import Item

# Variance: + covariant, - contravariant, nothing invariant. A name without a dot is of collections.abc.
_TYPESHED = """
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
abc.ABCMeta: builtins.type
enum.EnumMeta: builtins.type
enum.EnumType: enum.EnumMeta
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
_SHORT = {"tuple": "builtins.tuple"}
STRUCTURAL = {
    *(f"collections.abc.{name}" for name in ("Container", "Iterable", "Hashable", "Sized", "Iterator", "Reversible", "Collection", "Awaitable")),
    *(f"collections.abc.{name}" for name in ("AsyncIterable", "AsyncIterator", "Buffer", "Callable")),
    *(f"typing.Supports{name}" for name in ("Abs", "Bytes", "Complex", "Float", "Index", "Int", "Round")),
    "os.PathLike",
    "contextlib.AbstractContextManager",
    "contextlib.AbstractAsyncContextManager",
}
"""What a class fits by its methods, whatever its bases are."""
HOOKS = {
    "collections.abc.Container": ("__contains__",),
    "collections.abc.Iterable": ("__iter__",),
    "collections.abc.Hashable": ("__hash__",),
    "collections.abc.Sized": ("__len__",),
    "collections.abc.Iterator": ("__iter__", "__next__"),
    "collections.abc.Reversible": ("__reversed__", "__iter__"),
    "collections.abc.Collection": ("__len__", "__iter__", "__contains__"),
    "collections.abc.Generator": ("__iter__", "__next__", "send", "throw", "close"),
    "collections.abc.Awaitable": ("__await__",),
    "collections.abc.Coroutine": ("__await__", "send", "throw", "close"),
    "collections.abc.AsyncIterable": ("__aiter__",),
    "collections.abc.AsyncIterator": ("__anext__", "__aiter__"),
    "collections.abc.AsyncGenerator": ("__aiter__", "__anext__", "asend", "athrow", "aclose"),
    "collections.abc.Buffer": ("__buffer__",),
    "collections.abc.Callable": ("__call__",),
    "os.PathLike": ("__fspath__",),
    "contextlib.AbstractContextManager": ("__enter__", "__exit__"),
    "contextlib.AbstractAsyncContextManager": ("__aenter__", "__aexit__"),
}
"""Classes whose `__subclasshook__` takes every class that has these methods."""

_MODULES: dict[str, ModuleType] = {
    "builtins": builtins,
    "collections": collections,
    "collections.abc": collections.abc,
    "contextlib": contextlib,
    "enum": enum,
}
_OTHERS = """
argparse ast asyncio cmd code codecs concurrent.futures configparser csv datetime decimal email.message fractions html.parser http.client
http.server io json json.decoder json.encoder logging logging.handlers numbers optparse pathlib pickle queue random selectors shlex smtplib
socketserver string tempfile threading types unittest urllib.request uuid xml.sax.handler zipfile
"""
_LATER = frozenset(_OTHERS.split())
"""Modules of the standard library whose classes others inherit from; imported when somebody asks for one."""
MEMBERLESS = {"typing.Generic", "typing.Protocol", "abc.ABC", "builtins.object"}
"""Bases that give no members."""
RUNTIME_CLASSES = {"typing.NamedTuple": "builtins.tuple", "collections.namedtuple": "builtins.tuple", "typing.TypedDict": "builtins.dict"}
"""What a base is when the program runs."""


@dataclass(frozen=True, slots=True)
class StandardClass:
    """A class of the standard library: its type parameters with their variance, and its bases, which may name these."""

    parameters: tuple[str, ...]
    bases: tuple[Type, ...]


@cache
def standard_classes() -> Mapping[str, StandardClass]:
    """Give the classes whose bases are known, by their full names."""

    def full(text: str) -> str:
        parts = re.split(r"([\[\],])", text)
        return "".join(abstract if (abstract := f"collections.abc.{part}") in ABSTRACT_CLASSES else _SHORT.get(part, part) for part in parts)

    found: dict[str, StandardClass] = {}
    for line in _TYPESHED.strip().split("\n"):
        head, _, bases = line.partition(":")
        name, *parameters = head.split(" ")
        found[full(name)] = StandardClass(tuple(parameters), tuple(parse(full(base)) for base in bases.split()))
    for name, thing in vars(builtins).items():
        if isinstance(thing, type) and issubclass(thing, BaseException):
            found.setdefault(f"builtins.{name}", StandardClass((), tuple(Named(f"builtins.{base.__name__}") for base in thing.__bases__)))
    return found


@cache
def standard_ancestors(name: str) -> tuple[str, ...]:
    """Give all bases of a class of the standard library, as far as they are known; nearest first."""
    found: list[str] = []
    pending = [name]
    while pending:
        for base in standard_classes()[pending.pop(0)].bases if name in standard_classes() else ():
            if isinstance(base, Named) and base.name not in found:
                found.append(base.name)
                if base.name in standard_classes():
                    pending.append(base.name)
    return tuple(found)


def is_standard(name: str) -> bool:
    """Say whether the bases of a class of the standard library are known."""
    return name in standard_classes()


def expanded(ancestors: Iterable[str]) -> tuple[str, ...]:
    """Add what the known classes of the standard library descend from."""
    found: dict[str, None] = {}
    for one in ancestors:
        name = RUNTIME_CLASSES.get(one, one)
        found |= dict.fromkeys((one, name, *(standard_ancestors(name) if is_standard(name) else ())))
    return tuple(found)


def has_known_members(base: str) -> bool:
    """Say whether a base from elsewhere is one whose names are known."""
    return base in MEMBERLESS or base.rpartition(".")[0] in _MODULES or base in RUNTIME_CLASSES


def has_known_methods(base: str) -> bool:
    """Say whether a base from elsewhere is one whose methods are known; what its constructor sets on objects may not be."""
    return has_known_members(base) or (base.rpartition(".")[0] in _LATER and isinstance(_class(base), type))


def is_given(cls: Item, name: str) -> bool:
    """Say whether a base from the standard library gives a class this name."""
    return any(_gives(base, name) for base in (*expanded(cls.ancestors), "builtins.object"))


def is_exception(name: str) -> bool:
    """Say whether a name is that of an exception of the standard library."""
    cls = getattr(builtins, name.removeprefix("builtins."), None)
    return isinstance(cls, type) and issubclass(cls, BaseException)


def _class(path: str) -> object:
    module, _, last = path.rpartition(".")
    if module in _MODULES:
        return getattr(_MODULES[module], last, None)
    return getattr(import_module(module), last, None) if module in _LATER else None


def _gives(base: str, name: str) -> bool:
    cls = _class(RUNTIME_CLASSES.get(base, base))
    if not isinstance(cls, type):
        return False
    if cls is object:  # its own comparisons only say that they cannot tell
        return name in vars(object) and name not in {"__lt__", "__le__", "__gt__", "__ge__"}
    if name == "__hash__":
        return True
    return getattr(cls, name, None) is not None
