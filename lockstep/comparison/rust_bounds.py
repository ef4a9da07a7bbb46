"""Bounds of generic parameters: whether they ask for more than before, or for less.

Source: https://doc.rust-lang.org/cargo/reference/semver.html#generic-bounds-tighten
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

from lockstep.pattern import pattern

_IMPLIED = {
    "Sized": "",
    "Send": "",
    "Sync": "",
    "Unpin": "",
    "'static": "",
    "Clone": "Sized",
    "Copy": "Clone",
    "Debug": "",
    "Display": "",
    "Default": "Sized",
    "Error": "Debug Display",
    "Hash": "",
    "PartialEq": "",
    "Eq": "PartialEq",
    "PartialOrd": "PartialEq",
    "Ord": "Eq PartialOrd",
}
"""Well-known traits that not every type has, and what each asks for itself. Source: https://doc.rust-lang.org/std/"""


_CARRIED = {
    "Fn": "FnMut",
    "FnMut": "FnOnce",
    "DoubleEndedIterator": "Iterator",
    "ExactSizeIterator": "Iterator",
    "Iterator": "IntoIterator",
}
"""Traits that ask for another one with the same arguments, or that give it."""
_KNOWN = _IMPLIED.keys() | _CARRIED.keys() | {"FnOnce", "IntoIterator"}
_NAME = pattern(r"'?\w+")


class Change(IntEnum):
    """What became of a bound, the worst last."""

    LOOSER = 0
    UNKNOWN = 1
    STRICTER = 2


def change(name: str, old: str | None, new: str | None) -> Change:
    """Compare the bounds of a parameter. A trait that has a well-known name alone has another trait's path before it."""
    if name.startswith("const "):
        return Change.UNKNOWN
    written = name.startswith("where ") and not name.removeprefix("where S").isdigit()
    if written and "Self" in name:
        return Change.UNKNOWN
    before, now = _parts(old, sized=not written), _parts(new, sized=not written)
    if before is None or now is None:
        return Change.UNKNOWN
    known = closed(before)
    if now <= known:
        return Change.LOOSER
    fresh = {one for one in now - known if one in _IMPLIED or _is_called_oftener(one, known)}
    return Change.STRICTER if fresh and not written and all(_name(one) in _KNOWN for one in before) else Change.UNKNOWN


def _name(bound: str) -> str:
    """Give the name of a trait that stands without a path."""
    found = _NAME.match(bound)
    return found[0] if found is not None and not bound.startswith("::", found.end()) else ""


def _is_called_oftener(one: str, known: Collection[str]) -> bool:
    """Say whether a closure was asked for, and now must be one that is called more freely."""
    name = _name(one)
    return name in ("Fn", "FnMut") and f"FnOnce{one.removeprefix(name)}" in known


def _parts(bound: str | None, *, sized: bool) -> frozenset[str] | None:
    """Give what is asked for, one by one; None where a `+` stands in brackets. Every parameter is `Sized` unless it says otherwise."""
    found = {one for one in (bound or "").split(" + ") if one}
    if any(one.replace("->", "").count("<") != one.replace("->", "").count(">") or one.count("(") != one.count(")") for one in found):
        return None
    if sized and "?Sized" not in found:
        found.add("Sized")
    return frozenset(found - {"?Sized"})


def closed(bounds: Collection[str]) -> frozenset[str]:
    """Give bounds with all that they imply."""
    found, pending = set(bounds), list(bounds)
    while pending:
        one = pending.pop()
        name = _name(one)
        implied = {*_IMPLIED.get(one, "").split()}
        if name in _CARRIED:
            implied.add(_CARRIED[name] + one.removeprefix(name))
        if name.endswith("Iterator"):
            implied.add(name)
        pending += implied - found
        found |= implied
    return frozenset(found)
