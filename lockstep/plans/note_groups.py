"""Changes that one note tells: those of one kind in one module, of which the first is told in full and the others by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.mentions import SearchText, mentions, symbol_parts

FEW = 2
"""So many changes of one kind are told one by one."""


def grouped(changes: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Give changes as notes tell them, in their order; what is alike in all but its names shares a note with its module."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for number, change in enumerate(changes):
        groups.setdefault(_alike(change) or (number,), []).append(change)
    out: list[tuple[Change, ...]] = []
    for same in groups.values():
        out += [tuple(same)] if len(same) > FEW else [(one,) for one in same]
    return out


def named(first: str, others: Sequence[Change], module: Sequence[str]) -> str:
    """Name the other changes of a note as code, below their module where a reader of `first`, which is the note so far, understands them there."""
    names: list[str] = []
    for one in others:
        short = _below(one.symbol, len(module))
        names.append(short if mentions(SearchText.of(f"{first} `{short}`"), one.symbol) else one.symbol)
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def module_of(symbol: str) -> tuple[str, ...]:
    """Give the module that a symbol lies in: what stands before the first type, or before the name itself."""
    return tuple(takewhile(lambda part: not part[:1].isupper(), symbol_parts(symbol)[:-1]))


def _alike(change: Change) -> tuple[object, ...] | None:
    """Give what changes of one note have in common, None for one that is told alone: a manifest's values are news one by one."""
    if change.language == "toml" or " " in change.symbol:
        return None
    module = module_of(change.symbol)
    if change.kind is ChangeKind.ADDITION:
        return (change.kind, change.package, module) if _says_only_that_it_is_new(change) else None
    return (change.kind, change.package, change.rule, module, change.instead, _without_names(change))


def _says_only_that_it_is_new(change: Change) -> bool:
    return re.fullmatch(r"\S+ is new(?: \(.*\))?", change.message, re.DOTALL) is not None


def _without_names(change: Change) -> str:
    """Give the message without the names of the symbol, signatures and code: what is left is what happened."""
    said = change.message
    for text in sorted(filter(None, (change.old, change.new, change.symbol)), key=len, reverse=True):
        said = said.replace(text, "_")
    said = re.sub(r"`[^`]*`", "_", said)
    parts = "|".join(re.escape(part) for part in sorted(symbol_parts(change.symbol), key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{parts})(?!\w)", "_", said) if parts else said


def _below(symbol: str, depth: int) -> str:
    """Give a symbol without the first names of its path."""
    return re.split(r"::|\.", symbol, maxsplit=depth)[-1] if depth else symbol
