"""Rust types as far as they certainly mean one thing: whether two of them differ, and whether one is taken where the other is asked for.

They are written as Rust writes them, without spaces: types of the language and of its standard library with the module that defines them
(`vec::Vec<u8>`, `&mut [(str,_)]`), `crate` for a struct, an enum or a union of the repository, `::jiff::SignedDuration` for what a crate from elsewhere calls
so, which may be a name of another type, and `_` for whatever is not certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

UNKNOWN = "_"
OWN = "crate"

_TOKEN = pattern(r"&mut |&|\*mut |\*const |[\w:]+|[<>()\[\],;]")
_OPEN = pattern(r"\b_\b|&|\bcrate\b|(?<!\w)::")
_ELSEWHERE = pattern(r"(?<!\w)::")
_UNCERTAIN = pattern(r"\b_\b|\bcrate\b")
_POINTERS = {"vec::Vec": "[]", "string::String": "str", "path::PathBuf": "path::Path", "ffi::OsString": "ffi::OsStr", "ffi::CString": "ffi::CStr"}
"""What owns, and what it is as a reference."""
_SMART = frozenset({"boxed::Box", "rc::Rc", "sync::Arc", "pin::Pin"})
"""What points to something that may lose its length on the way."""
_TRANSPARENT = _SMART | {
    "borrow::Cow",
    "cell::LazyCell",
    "cell::Ref",
    "cell::RefMut",
    "mem::ManuallyDrop",
    "panic::AssertUnwindSafe",
    "sync::LazyLock",
    "sync::MutexGuard",
    "sync::RwLockReadGuard",
    "sync::RwLockWriteGuard",
}
"""What is, as a reference, what it holds."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A type; `name` is a path, `&`, `*mut`, `()`, `[]` or `[;]`, and `length` that of an array."""

    name: str
    parts: tuple[_Known, ...] = ()
    length: str = ""


_Token: TypeAlias = str


@lru_cache(maxsize=8192)
def _read(text: str) -> _Known:
    parts = [*_TOKEN.findall(text), ""]
    return _one(parts, 0)[0]


def _one(parts: list[_Token], at: int) -> tuple[_Known, int]:
    head = parts[at]
    match head:
        case "(":
            found, at = _list(parts, at + 1, ")")
            return _Known("()", found), at
        case "[":
            inner, at = _one(parts, at + 1)
            if parts[at] != ";":
                return _Known("[]", (inner,)), at + 1
            return _Known("[;]", (inner,), parts[at + 1]), at + 3
        case "&" | "&mut " | "*mut " | "*const ":
            inner, at = _one(parts, at + 1)
            return _Known(head.strip(), (inner,)), at
        case _:
            if parts[at + 1] != "<":
                return _Known(head), at + 1
            found, at = _list(parts, at + 2, ">")
            return _Known(head, found), at


def _list(parts: list[_Token], at: int, end: str) -> tuple[tuple[_Known, ...], int]:
    found = []
    while parts[at] not in (end, ""):
        one, at = _one(parts, at)
        found.append(one)
        at += parts[at] == ","
    return tuple(found), at + 1


# ---- differences


def differ(old: str, new: str, *, lengths: bool = True) -> bool:
    """Say whether two types are certainly not the same; without `lengths`, arrays that differ in those alone may be."""
    return old != new and UNKNOWN not in (old, new) and _apart(_read(old), _read(new), lengths=lengths)


def same(old: str, new: str) -> bool:
    """Say whether two types are certainly the same; of references it is not known, for nothing is said of how long they live."""
    return old == new and not _OPEN.search(old)


def may_differ(old: str, new: str) -> bool:
    """Say whether two types that are written alike are of different crates, as far as their names tell."""
    return old != new and any("::" in one and _ELSEWHERE.search(one) for one in (old, new)) and not any(_UNCERTAIN.search(one) for one in (old, new))


def taken(given: str, wanted: str) -> bool:
    """Say whether a value of one type may be taken where another is wanted, for Rust makes one of the other by itself.

    Source: https://doc.rust-lang.org/reference/type-coercions.html
    """
    return _is_taken(_read(given), _read(wanted))


def behind(target: str) -> Iterator[str]:
    """Give the name of a type and of all that it is dereferenced to, `_` where that is not known."""
    pending = [_read(target)]
    for _ in range(len(_TRANSPARENT)):
        if not pending:
            return
        one = pending.pop()
        yield one.name
        pending += _behind(one) if one.name != "[;]" else [_Known("[]")]
    yield UNKNOWN


def _apart(old: _Known, new: _Known, *, lengths: bool = True) -> bool:
    if UNKNOWN in (old.name, new.name) or old.name == new.name == OWN:
        return False
    if old.name.startswith("::") or new.name.startswith("::"):
        return _is_elsewhere(old, new) or _is_elsewhere(new, old)
    if old.name != new.name:
        return True
    if old.name == "()" and len(old.parts) != len(new.parts):
        return True
    if lengths and old.length != new.length and UNKNOWN not in (old.length, new.length):
        return True
    # what is written on one side alone may be the default: `HashMap<K, V>` is `HashMap<K, V, RandomState>`
    return any(_apart(one, other, lengths=lengths) for one, other in zip(old.parts, new.parts, strict=False))


_RARELY_RENAMED = frozenset({"ffi", "fs", "net", "path", "process", "thread", "time"})
"""Modules of the standard library whose types other crates give on, if at all, by their own names."""


def _is_elsewhere(one: _Known, known: _Known) -> bool:
    """Say whether one is a type of another crate and certainly not the other, which is the standard library's: another name, and no type that many rename."""
    module, _, name = known.name.rpartition("::")
    return one.name.startswith("::") and not one.parts and not known.parts and module in _RARELY_RENAMED and not one.name.endswith(f"::{name}")


_BECOMES = {"&": ("&", "*const"), "&mut": ("&mut", "&", "*const", "*mut"), "*mut": ("*mut", "*const"), "*const": ("*const",)}


def _is_taken(given: _Known, wanted: _Known) -> bool:
    if not _apart(given, wanted):
        return True
    if given.name in _BECOMES:
        if wanted.name not in _BECOMES[given.name]:
            return False
        return _is_reached(given.parts[0], wanted.parts[0], through=given.name.startswith("&") and wanted.name.startswith("&"))
    return given.name == wanted.name and given.name in _SMART and len(given.parts) > 0 < len(wanted.parts) and _is_taken_in(given.parts[0], wanted.parts[0])


def _is_taken_in(given: _Known, wanted: _Known) -> bool:
    """Say so of what stands behind a pointer: an array is taken as a slice; `Pin` holds a pointer itself."""
    if given.name == "[;]" and wanted.name == "[]":
        return not _apart(given.parts[0], wanted.parts[0])
    return given.name in _SMART and _is_taken(given, wanted)


def _is_reached(given: _Known, wanted: _Known, *, through: bool, depth: int = 0) -> bool:
    """Say whether a reference to one is taken as one to the other; `through` what it holds, if it is no plain pointer."""
    if not _apart(given, wanted) or (given.name == "[;]" and wanted.name == "[]" and not _apart(given.parts[0], wanted.parts[0])):
        return True
    if not through or depth > len(_TRANSPARENT):
        return False
    return given.name == OWN or given.name.startswith("::") or any(_is_reached(one, wanted, through=True, depth=depth + 1) for one in _behind(given))


def _behind(given: _Known) -> Iterator[_Known]:
    """Give what a reference to something is dereferenced to."""
    if given.name in _POINTERS:
        owned = _POINTERS[given.name]
        yield _Known(owned, given.parts[:1] if owned == "[]" else ())
    elif given.name in _TRANSPARENT or given.name in ("&", "&mut"):
        yield given.parts[0] if given.parts else _Known(UNKNOWN)
