"""Answers that fit into a conversation: what is left out is counted, and how to ask for less is said."""

from __future__ import annotations

from collections.abc import Mapping

MOST_ITEMS = 50
"""Entries of a list, unless more are asked for."""
MOST_LINES = 200
"""Lines of a text."""
LONGEST = 16_000
"""Characters of a text."""


def bounded(document: Mapping[str, object], most: int) -> dict[str, object]:
    """Give a document whose lists have `most` entries; `omitted` counts what is left out, by where it stood."""
    omitted: dict[str, int] = {}
    return {key: _cut(value, key, most, omitted) for key, value in document.items()} | {"omitted": omitted}


def _cut(value: object, at: str, most: int, omitted: dict[str, int]) -> object:
    if isinstance(value, dict):
        return {key: _cut(inner, f"{at}.{key}", most, omitted) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        if len(value) > most:
            omitted[at] = omitted.get(at, 0) + len(value) - most
        return [_cut(inner, f"{at}[]", most, omitted) for inner in value[:most]]
    return value


def shortened(text: str) -> str:
    """Give the first lines of a text, with the number of the others."""
    lines = text.splitlines(keepends=True)
    kept, size = [], 0
    for line in lines[:MOST_LINES]:
        size += len(line)
        if size > LONGEST:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    if not left:
        return text
    if not kept:
        kept.append(f"{lines[0][:LONGEST]}...\n")
    return "".join(kept) + f"... {left} more lines are left out; ask for one group, file or tag, or see the structured answer with a higher limit\n"
