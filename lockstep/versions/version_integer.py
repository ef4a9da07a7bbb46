"""A version as one number: 10203, 1002003, 0x010203, 0x01020300, and CPython's 0x010203f0.

Which of these a number is can only be told beside the version that it says; a number that several of them agree with moves only where they agree again.

Source: https://docs.python.org/3/c-api/apiabiversion.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lockstep.errors import VersionError
from lockstep.pattern import pattern

_WRITTEN = pattern(r"(?P<base>0[xX])?(?P<digits>[0-9A-Fa-f]{1,20})")
_LEVELS = {"alpha": 0xA, "beta": 0xB, "rc": 0xC, "": 0xF}

Numbers: TypeAlias = tuple[int, int, int]
Encoding: TypeAlias = Callable[[Numbers, str, int], int | None]
"""Makes the number of a release, and of the kind and number of its pre-release ("" and 0 for none); None where it cannot hold these."""


def _places(base: int, shift: int = 0, *, major: int = 2**16) -> Encoding:
    """Give each number of a release the same place."""

    def encode(numbers: Numbers, kind: str, _: int) -> int | None:
        if kind or max(numbers[1:]) >= base or numbers[0] >= major:
            return None
        return int((numbers[0] * base + numbers[1]) * base + numbers[2]) << shift

    return encode


def _cpython(numbers: Numbers, kind: str, number: int) -> int | None:
    if max(numbers) > 0xFF or kind not in _LEVELS or number > 0xF:
        return None
    return (((numbers[0] << 8 | numbers[1]) << 8 | numbers[2]) << 8) | _LEVELS[kind] << 4 | number


_DECIMAL: tuple[Encoding, ...] = (_places(100), _places(1000))
_HEX: tuple[Encoding, ...] = (_places(0x100), _places(0x100, 8, major=0x100), _cpython)


def _encodings(text: str, numbers: Numbers, kind: str, number: int) -> Iterator[Encoding]:
    """Give the encodings by which a text says a version."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not (found["base"] or found["digits"].isdecimal()) or not any(numbers[:2]):
        return
    value = int(found["digits"], 16 if found["base"] else 10)
    for encode in _HEX if found["base"] else _DECIMAL:
        if encode(numbers, kind, number) == value:
            yield encode


def says(text: str, numbers: Numbers, kind: str, number: int) -> bool:
    """Say whether a number is this version in some encoding."""
    return any(_encodings(text, numbers, kind, number))


def write(text: str, old: tuple[Numbers, str, int], new: tuple[Numbers, str, int]) -> str:
    """Write the number of `new` as `text` is that of `old`: in the same encoding, base, case and width.

    Raises: VersionError when it says another version than `old`, cannot hold `new`, or several encodings disagree.
    """
    results = {encode(*new) for encode in _encodings(text, *old)}
    if len(results) != 1 or (value := results.pop()) is None:
        raise VersionError(f"the number {text} does not show how it writes the new version", help="write the number there by hand, and bump then")
    if text[:2] not in ("0x", "0X"):
        return str(value)
    digits = f"{value:0{len(text) - 2}x}"
    return text[:2] + (digits.upper() if any(one.isupper() for one in text[2:]) else digits)
