"""Bounds of generic parameters: whether they ask for more than before, or for less.

Source: https://doc.rust-lang.org/cargo/reference/semver.html#generic-bounds-tighten
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

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


class Change(IntEnum):
    """What became of a bound, the worst last."""

    LOOSER = 0
    UNKNOWN = 1
    STRICTER = 2


def change(name: str, old: str | None, new: str | None, own: Collection[str]) -> Change:
    """Compare the bounds of a parameter; `own` are the names of the crate's own traits, which may stand before those of the standard library."""
    if name.startswith("const "):
        return Change.UNKNOWN
    written = name.startswith("where ") and not name.removeprefix("where S").isdigit()
    if written and "Self" in name:
        return Change.UNKNOWN
    before, now = _parts(old, sized=not written), _parts(new, sized=not written)
    if before is None or now is None:
        return Change.UNKNOWN
    known = _closed(before)
    if now <= known:
        return Change.LOOSER
    fresh = {one for one in now - known if one in _IMPLIED and one not in own}
    return Change.STRICTER if fresh and not written and before <= _IMPLIED.keys() - own else Change.UNKNOWN


def _parts(bound: str | None, *, sized: bool) -> frozenset[str] | None:
    """Give what is asked for, one by one; None where a `+` stands in brackets. Every parameter is `Sized` unless it says otherwise."""
    found = {one for one in (bound or "").split(" + ") if one}
    if any(one.replace("->", "").count("<") != one.replace("->", "").count(">") or one.count("(") != one.count(")") for one in found):
        return None
    if sized and "?Sized" not in found:
        found.add("Sized")
    return frozenset(found - {"?Sized"})


def _closed(bounds: frozenset[str]) -> frozenset[str]:
    """Give bounds with all that they imply."""
    found, pending = set(bounds), list(bounds)
    while pending:
        fresh = {*_IMPLIED.get(pending.pop(), "").split()} - found
        found |= fresh
        pending += fresh
    return frozenset(found)
