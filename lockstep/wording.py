"""Words that every message shares: a number with its noun, the first names of a list, and the name that somebody who wrote another one probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ALL_OBJECTS = "git fetch --refetch --no-filter"
"""What brings the objects that a partial clone left out; a plain fetch brings new ones only. Source: git-fetch(1), git 2.36."""


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Give the known name that is nearest to what was given, None when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    names = list(dict.fromkeys(known))
    lower = {name.lower(): name for name in reversed(names)}
    near = get_close_matches(given.lower(), lower, n=1)
    if not near and len(given) > 1:
        near = [name for name in lower if name.startswith(given.lower())][:1]
    return lower[near[0]] if near else None


def did_you_mean(given: str, known: Iterable[str], otherwise: str) -> str:
    """Give the help for a name that does not exist: the nearest that does, else what to do next."""
    near = nearest(given, known)
    return f"did you mean {near}?" if near is not None else otherwise


def counted(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun, which gets an s where it is not one, or its own `plural`."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def first_few(names: Sequence[str], most: int) -> str:
    """Give names in a row, of more than `most` the first with the number of the others: `a, b and 3 more`."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
