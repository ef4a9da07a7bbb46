"""A version as a sequence of values: `1, 2, 0`, `1, 2, 0, "alpha", 1`, `"1", "2", "0"`, `major=1, minor=2, micro=0`.

The text is taken apart into values and what stands between them; only values are ever replaced, so that quotes, names and gaps stay.

Source: https://docs.python.org/3/library/sys.html#sys.version_info
"""

from __future__ import annotations

import re

from lockstep.dataclass import dataclass
from lockstep.errors import VersionError
from lockstep.pattern import pattern

_VALUE = pattern(r"(?:0|[1-9][0-9]{0,19})(?![\w.])|None\b|\"[^\"\\\r\n]{0,40}\"|'[^'\\\r\n]{0,40}'", re.ASCII)
_GAP = pattern(r"\s*(?:,\s*)?(?:[A-Za-z_]\w*\s*=\s*)?", re.ASCII)
_NUMBER = pattern(r"0|[1-9][0-9]{0,19}")
_LAST = pattern(r"(?P<number>0|[1-9][0-9]{0,19})(?P<pre>[-.]?[A-Za-z]+[-.]?[0-9]{0,19})")
_WORD = pattern(r"[A-Za-z]+")
_FINAL = ("final", "release", "stable", "")
_OURS = {"candidate": "rc"}
"""What CPython calls a release candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """`values` as they are written, each behind its gap; `numbers` are the leading ones, `pre` is what the others say ("" for a final release).

    `joined` says that the last number and the pre-release are one value, `"0rc1"`.
    """

    gaps: tuple[str, ...]
    values: tuple[str, ...]
    numbers: tuple[int, ...]
    pre: str
    joined: bool = False

    @property
    def tail(self) -> tuple[str, ...]:
        """The values behind the numbers."""
        return self.values[len(self.numbers) :]

    @property
    def bare(self) -> bool:
        """Whether there are numbers and nothing else: then it has no place for a pre-release."""
        return not self.tail and not self.joined


def elements(text: str) -> Elements | None:
    """Take a tuple apart, None when it is no version."""
    gaps: list[str] = []
    values: list[str] = []
    end = 0
    while end < len(text):
        gap = _GAP.match(text, end)
        value = _VALUE.match(text, gap.end() if gap else end)
        if gap is None or value is None or (bool(values) is not ("," in gap[0])):
            return None
        gaps.append(gap[0])
        values.append(value[0])
        end = value.end()
    bare = [_unquoted(value) for value in values]
    count = next((i for i, value in enumerate(bare) if value is None or not _NUMBER.fullmatch(value)), len(bare))
    numbers = tuple(int(value) for value in bare[:count] if value is not None)
    rest = bare[count:]
    if count and len(rest) == 1 and rest[0] is not None and (last := _LAST.fullmatch(rest[0])):
        return Elements(gaps=tuple(gaps), values=tuple(values), numbers=(*numbers, int(last["number"])), pre=last["pre"], joined=True)
    pre = _pre(rest)
    return None if pre is None or not numbers else Elements(gaps=tuple(gaps), values=tuple(values), numbers=numbers, pre=pre)


def _unquoted(value: str) -> str | None:
    """Give what a value says; None for None."""
    return None if value == "None" else value.strip("\"'")


def _pre(rest: list[str | None]) -> str | None:
    """Give the pre-release that the values behind the numbers say, "" for a final release, None when they say something else."""
    if not rest:
        return ""
    first, others = rest[0], rest[1:]
    nothing = all(one in (None, "", "0") for one in others)
    if first is None or first in _FINAL:
        return "" if nothing else None
    if others and _WORD.fullmatch(first):
        number = others[0] or "0"
        return f"{_OURS.get(first, first)}.{number}" if _NUMBER.fullmatch(number) and all(one in (None, "", "0") for one in others[1:]) else None
    return first if nothing and not others else None


def write(like: str, numbers: tuple[int, ...], kind: str, number: int, styled: str) -> str:
    """Write a version in the manner of a tuple: `kind` and `number` say its pre-release, "" for none; `styled` is both as one text.

    Raises: VersionError when the tuple has no place for it, or does not show how.
    """
    found = elements(like)
    if found is None:
        raise VersionError("no tuple of a version")
    if len(numbers) > len(found.numbers) and found.tail:
        raise VersionError(f"the tuple ({like}) has no place for {len(numbers)} numbers", help=_BY_HAND)
    gaps, values = list(found.gaps), list(found.values)
    for i, one in enumerate(numbers):
        if i == len(values):
            gaps.append(gaps[-1] if len(gaps) > 1 else ", ")
            values.append(str(one))
        else:
            values[i] = _like(values[i], str(one))
    if found.joined:
        values[len(numbers) - 1] = _like(found.values[len(numbers) - 1], f"{numbers[-1]}{styled}")
    elif found.tail:
        values[len(numbers) :] = _tail(like, found, kind, number, styled)
    elif kind:
        raise VersionError(f"the tuple ({like}) has no place for a pre-release", help=_BY_HAND)
    return "".join(gap + value for gap, value in zip(gaps, values, strict=True))


_BY_HAND = "write the new version there by hand, and bump then; what says the new version already is left as it is"


def _tail(like: str, found: Elements, kind: str, number: int, styled: str) -> list[str]:
    """Give the values behind the numbers."""
    first, *others = found.tail
    if not others:
        if not kind and found.pre:
            raise VersionError(f"the tuple ({like}) does not show how it writes a final release", help=_BY_HAND)
        if kind and first != "None" and not found.pre:
            raise VersionError(f"the tuple ({like}) does not show how it writes a pre-release", help=_BY_HAND)
        return [_like('""' if first == "None" else first, styled) if kind else first]
    word = ("candidate" if "candidate" in first else "rc") if kind == "rc" else kind or ("final" if found.pre else None)
    if first == "None" and kind:
        first = '""'
    return [first if word is None else _like(first, word), _like(others[0], str(number)), *others[1:]]


def _like(value: str, new: str) -> str:
    """Write a value with the quotes of another."""
    return f"{value[0]}{new}{value[0]}" if value[:1] in ("'", '"') else new
