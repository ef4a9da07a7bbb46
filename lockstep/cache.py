"""What was read before, in the user's cache folder: frozen data, found again by everything that it depends on.

An entry is one file. It is written beside and moved into place, so that two runs at once never see half of one; it starts with the
hash of its own content, so that a damaged one is as good as none. It is JSON: nothing in it is ever executed.
"""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Iterable, Mapping, Sized
from contextlib import suppress
from enum import Enum
from functools import cache
from operator import attrgetter
from sys import intern
from threading import get_ident
from time import time, time_ns
from typing import Any, ClassVar, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from lockstep.pattern import pattern

Kept = TypeVar("Kept")

_OWN = pattern(r"[0-9a-f]{64}\.json|[0-9a-f]{8}\.(?:bump|check)|\.new-.*")
SIZE = "LOCKSTEP_CACHE_SIZE"
"""Names how many MiB the folder may hold. It is the user's to say, not a repository's."""
MOST_BYTES = 512 * 2**20
"""The entries that were not used for longest go when the folder grows beyond this."""
OLDEST = 30 * 86_400
"""Seconds; an entry that nobody used for longer goes."""
_DAY = 86_400


class Cache:
    """A folder of entries; with None for a folder nothing is kept."""

    def __init__(self, folder: str | os.PathLike[str] | None) -> None:
        self._folder = None if folder is None else os.fspath(folder)

    @property
    def keeps(self) -> bool:
        """Say whether anything is kept: what only a key is made of need not be found out where nothing is."""
        return self._folder is not None

    def read(self, kind: type[Kept], *depends: str) -> Kept | None:
        """Give what was kept under these dependencies, None when there is nothing, or nothing whole."""
        if self._folder is None or (body := self.read_text(_shape(cast("Any", kind)), *depends)) is None:
            return None
        return cast("Kept | None", unpacked(body, kind))

    def keep(self, value: object, *depends: str) -> None:
        """Keep a value under its dependencies; a folder that cannot be written is no fault."""
        if self._folder is None:
            return
        kind: type = type(value)
        self.keep_text(packed(value, kind), _shape(kind), *depends)

    def read_text(self, *depends: str) -> str | None:
        """Give the text that was kept under these dependencies, None when there is none, or not the whole of it."""
        if self._folder is None:
            return None
        path = self._entry(depends)
        try:
            used = os.stat(path).st_mtime
            with open(path, "rb") as file:
                data = file.read()
            if time() - used > _DAY:
                os.utime(path)
        except OSError:
            return None
        digest, _, body = data.partition(b"\n")
        if _hash(body).encode() != digest:
            return None
        return body.decode(errors="surrogateescape")

    def keep_text(self, text: str, *depends: str) -> None:
        """Keep a text under its dependencies; a folder that cannot be written is no fault."""
        if self._folder is None:
            return
        body = text.encode(errors="surrogateescape")
        folder, _, name = self._entry(depends).rpartition("/")
        keep_file(folder, name, _hash(body).encode() + b"\n" + body)

    def _entry(self, depends: tuple[str, ...]) -> str:
        named = "\0".join(depends).encode(errors="surrogateescape")
        return f"{self._folder}/{_hash(named)}.json"


def _hash(data: bytes) -> str:
    import hashlib  # noqa: PLC0415 - not every entry has one

    return hashlib.sha256(data).hexdigest()


def keep_file(folder: str, name: str, data: bytes) -> None:
    """Write an entry whole or not at all, and let the oldest ones go; a folder that cannot be written is no fault."""
    with suppress(OSError):
        os.makedirs(folder, exist_ok=True, mode=0o700)
        beside = f"{folder}/.new-{os.getpid()}-{time_ns()}-{get_ident()}"
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as file:
                file.write(data)
            os.replace(beside, f"{folder}/{name}")
        except OSError:
            with suppress(FileNotFoundError):
                os.unlink(beside)
            raise
        _Written.bytes += len(data)
        if _Written.bytes > most_bytes() // 16 or folder not in _Written.folders:
            _Written.folders.add(folder)
            _Written.bytes = 0
            _shrink(folder)


class _Written:
    """What this process has written since it last looked how large a folder is: at its first entry, and seldom after that."""

    bytes = 0
    folders: ClassVar[set[str]] = set()


def most_bytes() -> int:
    """Give how many bytes the folder may hold."""
    named = os.environ.get(SIZE, "")
    return int(named) * 2**20 if named.isascii() and named.isdigit() else MOST_BYTES


def entries(folder: str) -> list[tuple[float, int, str]]:
    """Give the time of last use, the size in bytes, and the path of each entry in a folder, the one that was not used for longest first.

    The folder may be anybody's: what is not ours is left out. Where there is no folder there are none.
    """
    found = []
    with suppress(OSError), os.scandir(folder) as all_:
        for one in all_:
            if _OWN.fullmatch(one.name):
                with suppress(OSError):  # another run moves and removes files at the same time
                    status = one.stat(follow_symlinks=False)
                    found.append((status.st_mtime, status.st_size, one.path))
    return sorted(found)


def remove(paths: Iterable[str]) -> None:
    """Remove entries; one that another run has removed is no fault, nor one that cannot be."""
    for path in paths:
        with suppress(OSError):
            os.unlink(path)


def _shrink(folder: str) -> None:
    found = entries(folder)
    total, most, oldest = sum(size for _, size, _ in found), most_bytes(), time() - OLDEST
    gone = []
    for used, size, path in found:
        if total <= most and used >= oldest:
            break
        gone.append(path)
        total -= size
    remove(gone)


LARGE = 20_000
"""Characters of a text that is worth functions that are compiled for it."""


def packed(value: object, kind: object) -> str:
    """Write a value of a kind as it is kept."""
    import json  # noqa: PLC0415 - a text that is kept is found without it

    often = isinstance(value, Sized) and len(value) > LARGE // 200
    return json.JSONEncoder(separators=(",", ":"), check_circular=False).encode(_encoder(cast("Any", kind), often=often)(value))


def unpacked(data: str | bytes, kind: Any) -> Any:  # noqa: ANN401 - a value of the kind
    """Read a value that was packed; None where it is not whole."""
    import json  # noqa: PLC0415 - likewise

    try:
        return _decoder(kind, often=len(data) > LARGE)(json.loads(data))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def unpacker(kind: type[Kept]) -> Callable[[object], Kept]:
    """Give the function that makes one of many values of a kind of its JSON."""
    return cast("Callable[[object], Kept]", _decoder(cast("Any", kind), often=True))


@cache
def _encoder(kind: Any, *, often: bool) -> Callable[[Any], Any]:  # noqa: ANN401 - a type, or what typing makes of one
    """Make the function that makes JSON of a `kind`: a dataclass is the list of its fields, a mapping the list of its pairs, in their order."""
    from dataclasses import fields, is_dataclass  # noqa: PLC0415 - likewise

    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (one,) = (_encoder(arg, often=often) for arg in inner if arg is not type(None))
        return one if one is _itself else lambda value: None if value is None else one(value)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        one = _encoder(inner[0], often=often)
        return _itself if one is _itself else lambda value: [one(each) for each in value]
    if origin is tuple:
        parts = [_encoder(arg, often=often) for arg in inner]
        return lambda value: [part(each) for part, each in zip(parts, value, strict=True)]
    if origin is frozenset:
        one = _encoder(inner[0], often=often)
        return sorted if one is _itself else lambda value: sorted(map(one, value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, one = (_encoder(arg, often=often) for arg in inner)
        return lambda value: [[key(name), one(each)] for name, each in value.items()]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return attrgetter("_value_")
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return _of_fields([(one.name, _encoder(hints[one.name], often=often)) for one in fields(kind)], often=often)
    assert kind in (str, int, float, bool), kind
    return _itself


_EMPTY: tuple[object, ...] = ()


def _of_fields(each: list[tuple[str, Callable[[Any], Any]]], *, often: bool) -> Callable[[Any], list[Any]]:
    """Make the function that makes the list of an object's fields; None and `()` are JSON as they are."""
    if often:
        known: dict[str, Any] = {f"encode_{name}": encode for name, encode in each} | {"empty": _EMPTY}
        whole = "one if (one := value.{0}) is None or one is empty else encode_{0}(one)"
        parts = (f"value.{name}" if encode is _itself else whole.format(name) for name, encode in each)
        return _compiled("pass", f"[{', '.join(parts)}]", known)

    def encode_fields(value: object) -> list[Any]:
        found = [getattr(value, name) for name, _ in each]
        return [one if one is None or one is _EMPTY else encode(one) for one, (_, encode) in zip(found, each, strict=True)]

    return encode_fields


def _compiled(before: str, result: str, known: dict[str, Any]) -> Callable[[Any], Any]:
    """Compile a function of `value` that gives the result of an expression, with a statement before it."""
    exec(f"def compiled(value):\n    {before}\n    return {result}", known)  # noqa: S102 - of the names of fields in our own source
    return cast("Callable[[Any], Any]", known["compiled"])


def _itself(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    return value


@cache
def _decoder(kind: Any, *, often: bool) -> Callable[[Any], Any]:  # noqa: ANN401 - a type, or what typing makes of one
    """Make the function that makes a `kind` of its JSON; one that finds another shape raises TypeError, ValueError or KeyError."""
    from dataclasses import is_dataclass  # noqa: PLC0415 - likewise

    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (one,) = (_decoder(arg, often=often) for arg in inner if arg is not type(None))
        return lambda value: None if value is None else one(value)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        one = _decoder(inner[0], often=often)
        return lambda value: tuple(map(one, value))
    if origin is tuple:
        parts = [_decoder(arg, often=often) for arg in inner]
        return lambda value: tuple([part(each) for part, each in zip(parts, value, strict=True)])
    if origin is frozenset:
        one = _decoder(inner[0], often=often)
        return lambda value: frozenset(map(one, value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, one = (_decoder(arg, often=often) for arg in inner)
        return lambda value: {key(name): one(each) for name, each in value}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {one.value: one for one in kind}.__getitem__
    if is_dataclass(kind):
        return _of_dataclass(kind, often=often)
    if kind is str and often:
        return intern  # most texts of many are written again and again; what is no text it refuses
    return lambda value: _exactly(kind, value)


def _of_dataclass(kind: Any, *, often: bool) -> Callable[[Any], Any]:  # noqa: ANN401 - likewise
    from dataclasses import fields  # noqa: PLC0415 - likewise

    hints = get_type_hints(kind)
    parts = [(one.name, _decoder(hints[one.name], often=often)) for one in fields(kind)]
    if not often:
        return lambda value: kind(**{name: part(each) for (name, part), each in zip(parts, value, strict=True)})
    known: dict[str, Any] = {f"decode_{name}": part for name, part in parts} | {"make": kind}
    made = (f"{name}={_unless_empty(hints[name]).format(name)}decode_{name}({name})" for name, _ in parts)
    return _compiled(f"({', '.join(name for name, _ in parts)},) = value", f"make({', '.join(made)})", known)


def _unless_empty(kind: Any) -> str:  # noqa: ANN401 - likewise
    """Write what comes before the decoding of a field: nothing need be decoded for None or an empty list where the field may have it."""
    if type(None) in get_args(kind):
        return "None if {0} is None else "
    return "() if {0} == [] else " if get_origin(kind) is tuple else ""


def _exactly(kind: Any, value: object) -> object:  # noqa: ANN401 - likewise
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind}")
    return value


@cache
def _shape(kind: Any) -> str:  # noqa: ANN401 - likewise
    """Say what a type holds, all the way down: data of another shape is kept under another name."""
    from dataclasses import fields, is_dataclass  # noqa: PLC0415 - likewise

    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return f"{getattr(kind, '__qualname__', kind)}({','.join(f'{one.name}:{_shape(hints[one.name])}' for one in fields(kind))})"
    inner = get_args(kind)
    return f"{kind}[{','.join(map(_shape, inner))}]" if inner else str(kind)
