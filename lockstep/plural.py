"""Numbers with their nouns: `1 name`, `2 names`, `3 lock entries`."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun, which gets an s where it is not one, or its own `plural`."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
