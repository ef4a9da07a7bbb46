"""What somebody who wrote a name that does not exist probably meant: one answer for commands, options, rules, groups, refs and keys."""

from __future__ import annotations

from collections.abc import Iterable


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
