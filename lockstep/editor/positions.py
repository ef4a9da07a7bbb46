"""Where a character of a text is for an editor: lines from 0, columns from 0 in the units of the encoding that the two have agreed on.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from lockstep.pattern import pattern

_LINE_END = pattern(r"\r\n|\n|\r")
_WIDTHS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Point(NamedTuple):
    """A position of the protocol."""

    line: int
    character: int


class Positions:
    r"""The positions of one text. A line ends at `\n`, `\r\n` or `\r`, and at nothing else that Unicode has for it."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._width = _WIDTHS.get(encoding, _WIDTHS["utf-16"])
        self._starts, self._ends = [0], list[int]()
        for found in _LINE_END.finditer(text):
            self._ends.append(found.start())
            self._starts.append(found.end())
        self._ends.append(len(text))

    def point(self, offset: int) -> Point:
        """Give the position of a character, counted from 0."""
        line = bisect_right(self._starts, offset) - 1
        return Point(line, self._units(self._text[self._starts[line] : min(offset, self._ends[line])]))

    def offset(self, line: int, character: int) -> int:
        """Give the character at a position; one that is behind the end of its line, or of the text, is that end."""
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self._ends[line]
        body = self._text[start:end]
        if body.isascii():
            return start + min(character, len(body))
        taken = 0
        for number, char in enumerate(body):
            taken += self._units(char)
            if taken > character:
                return start + number
        return end

    def end_of_line(self, offset: int) -> int:
        """Give where the line of a character ends."""
        return self._ends[bisect_right(self._starts, offset) - 1]

    def _units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self._codec, errors="surrogatepass")) // self._width


def offset_of(text: str, line: int | None, column: int | None) -> int:
    """Give the character at a line and column of lockstep's: both from 1, lines end at newlines alone, columns count characters."""
    start = 0
    for _ in range((line or 1) - 1):
        newline = text.find("\n", start)
        if newline < 0:
            return len(text)
        start = newline + 1
    return min(start + (column or 1) - 1, len(text))
