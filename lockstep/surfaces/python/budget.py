"""How much Python one package takes in: what is above that is not parsed, and told.

A syntax tree takes some 500 bytes for each sign of a text (a comma, a bracket, an operator, the end of a line), whatever its length.
"""

from __future__ import annotations

from lockstep.text import python
from lockstep.text.python import MOST_FIELDS, has_endless_f_string, signs

LARGEST = 8 * 2**20
"""Characters; a longer module is not parsed."""
MOST_SIGNS_OF_A_MODULE = python.MOST_SIGNS
"""A module of 5 MB that is code has so many."""
MOST_SIGNS = 2_700_000
"""Of all modules of a package: what their syntax trees take is given back, time is not."""
MOST_KEPT = 320_000
"""Nodes of all trees without the bodies of functions, which stay until the package is read; the largest of the usual ones has 304,000."""


def too_large(text: str) -> str:
    """Say why a module is not parsed, nothing where it is."""
    if len(text) > LARGEST:
        return f"the module is too large to be parsed: {_count(len(text))} characters, at most {_count(LARGEST)}; divide it"
    if len(text) > MOST_SIGNS_OF_A_MODULE // 3 and (found := signs(text)) > MOST_SIGNS_OF_A_MODULE:
        return (
            f"the module is too large to be parsed: {_count(found)} lines, commas, brackets and operators, at most {_count(MOST_SIGNS_OF_A_MODULE)}; divide it"
        )
    if has_endless_f_string(text):
        return f"an f-string has more than {MOST_FIELDS} fields; divide it"
    return ""


class Budget:
    """What is left of it while the modules of a package are read."""

    def __init__(self) -> None:
        self._signs = 0
        self._kept = 0
        self._is_spent = False

    def refuses(self, text: str) -> str | None:
        """Count a module: say why neither it nor what comes after it is read; nothing more the second time, None while there is room."""
        self._signs += signs(text)
        if not self._is_spent and self._signs <= MOST_SIGNS and self._kept <= MOST_KEPT:
            return None
        first, self._is_spent = not self._is_spent, True
        size = _count(len(text))
        return f"the package is too large to be read as a whole: neither this module of {size} characters nor what comes after it is read" if first else ""

    def keep(self, nodes: int) -> None:
        """Count the nodes that stay of a module."""
        self._kept += nodes


def _count(number: int) -> str:
    return f"{number / 1e6:.1f} million" if number >= 100_000 else str(number)
