"""Two requirements on one thing: did the least version rise, did the greatest fall, does any version satisfy both?

A requirement becomes the interval of versions that it admits; single versions that it leaves out (`!=`) stand beside the interval.

Sources: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#version-requirement-syntax,
https://packaging.python.org/en/latest/specifications/version-specifiers/, https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import TypeAlias

from lockstep.dataclass import dataclass, replace
from lockstep.errors import VersionError
from lockstep.versions.requirement import Comparator, comparators, pep440_specifiers
from lockstep.versions.version import identifiers, shorten

Key: TypeAlias = tuple[object, ...]
"""What a version is ordered by; keys of one world only are compared with each other."""

_LOWEST = (0, identifiers("0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One end of an interval: `text` is how the requirement writes it."""

    key: Key
    inclusive: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The versions that a requirement admits; an end that is None is open."""

    low: Bound | None = None
    high: Bound | None = None
    holes: frozenset[str] = frozenset()


ANY = Range()


def floor_raised(old: Range, new: Range) -> bool:
    """Say whether the least version that is admitted went up."""
    return new.low is not None and (old.low is None or _low(new.low) > _low(old.low))


def series_raised(old: Range, new: Range) -> bool:
    """Say whether the least version went up to another series: its first two numbers are others."""
    return floor_raised(old, new) and (old.low is None or new.low is None or _series(old.low) != _series(new.low))


def _series(bound: Bound) -> list[str]:
    return [*bound.text.split("."), "0", "0"][:2]


def cap_lowered(old: Range, new: Range) -> bool:
    """Say whether the greatest version that is admitted went down."""
    return new.high is not None and (old.high is None or _high(new.high) < _high(old.high))


def disjoint(old: Range, new: Range) -> bool:
    """Say whether no version satisfies both."""
    return _before(old, new) or _before(new, old)


def _before(one: Range, other: Range) -> bool:
    if one.high is None or other.low is None:
        return False
    if one.high.key == other.low.key:
        return not (one.high.inclusive and other.low.inclusive)
    return one.high.key < other.low.key


def _low(bound: Bound) -> tuple[Key, bool]:
    return (bound.key, not bound.inclusive)


def _high(bound: Bound) -> tuple[Key, bool]:
    return (bound.key, bound.inclusive)


# ---- Cargo


def cargo(requirement: str) -> Range:
    """Read a requirement as Cargo does.

    Raises: VersionError when it is none.
    """
    return meet(_cargo(one) for one in comparators(requirement))


def at_least(version: str) -> Range:
    """Read the floor of a toolchain (1.74, 1.74.1): at least this.

    Raises: VersionError when it is no bare version.
    """
    return cargo(f">={version}")


def minimum_raised(old: str | None, new: str | None) -> bool:
    """Say whether the least version of a toolchain went up; not where none is named, or what is named is none: the tool itself refuses that."""
    if not old or not new:
        return False
    try:
        return floor_raised(at_least(old), at_least(new))
    except VersionError:
        return False


def _cargo(one: Comparator) -> Range:
    place = {"~": min(one.parts, 2), "^": _fixed(one), "<": None, ">=": None}.get(one.op, one.parts if one.parts < 3 else None)
    after = None
    if place:
        numbers = (*_next(one.numbers, place), 0, 0)[:3]
        after = Bound(key=(numbers, (1, ()) if one.op == ">" else _LOWEST), inclusive=False, text=".".join(map(str, numbers[:place])))
    key = ((*one.numbers, 0, 0, 0)[:3], (0, identifiers(one.pre)) if one.pre else (1, ()))
    return _interval(one.op, Bound(key=key, inclusive=True, text=one.operand), after)


# ---- Python


def python(requirement: str) -> Range:
    """Read PEP 440 specifiers, or Poetry's; of alternatives (`||`), all that lies between the least and the greatest.

    Raises: VersionError when it is none.
    """
    return reduce(_span, [meet(_python(one) for one in pep440_specifiers(piece)) for piece in re.split(r"\|\|?", requirement)])


def _python(one: Comparator) -> Range:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only who compares Python's requirements pays for it

    if one.op == "*":
        return ANY
    if one.op == "!=":
        return Range(holes=frozenset([one.operand]))
    text = one.operand.removesuffix(".*")
    try:
        version = Version(text)
    except InvalidVersion:  # === takes any text
        raise VersionError(f"{shorten(one.operand)} is no version", help="write it as PEP 440 does") from None
    place = {"~=": max(one.parts - 1, 1), "^": _fixed(one), "~": min(one.parts, 2)}.get(one.op, one.parts if one.wild else None)
    epoch = f"{version.epoch}!" if version.epoch else ""
    after = None
    if place:
        numbers = ".".join(map(str, _next(one.numbers, place)))
        after = Bound(key=(Version(f"{epoch}{numbers}.dev0"),), inclusive=False, text=numbers)
    if one.op == "<" and not version.is_prerelease:
        version = Version(f"{epoch}{version.base_version.rpartition('!')[2]}.dev0")
    return _interval(one.op, Bound(key=(version,), inclusive=True, text=text), after)


# ---- intervals


def _fixed(one: Comparator) -> int:
    """Say how many of the leading numbers a caret holds fast: up to the first that is not 0."""
    return next((place for place, number in enumerate(one.numbers, 1) if number), one.parts)


def _next(numbers: tuple[int, ...], place: int) -> tuple[int, ...]:
    """Give the next numbers in a place, counted from 1."""
    return (*numbers[: place - 1], numbers[place - 1] + 1)


def _interval(op: str, at: Bound, after: Bound | None) -> Range:
    """Give what an operator makes of its operand; `after` is where the versions that begin like the operand end, if it means those."""
    match op:
        case "*":
            return ANY
        case ">=":
            return Range(low=at)
        case ">":
            return Range(low=replace(after, inclusive=True) if after else replace(at, inclusive=False))
        case "<":
            return Range(high=replace(at, inclusive=False))
        case "<=":
            return Range(high=after or at)
        case _:
            return Range(low=at, high=after or at)


def meet(ranges: Iterable[Range]) -> Range:
    """Give what all of them admit."""
    low, high, holes = None, None, frozenset[str]()
    for one in ranges:
        low = one.low if low is None or (one.low is not None and _low(one.low) > _low(low)) else low
        high = one.high if high is None or (one.high is not None and _high(one.high) < _high(high)) else high
        holes |= one.holes
    return Range(low=low, high=high, holes=holes)


def _span(one: Range, other: Range) -> Range:
    """Give the least interval that holds both."""
    low = None if one.low is None or other.low is None else min(one.low, other.low, key=_low)
    high = None if one.high is None or other.high is None else max(one.high, other.high, key=_high)
    return Range(low=low, high=high, holes=one.holes & other.holes)
