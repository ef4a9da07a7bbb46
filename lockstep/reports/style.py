"""What a terminal can do with a report: the few colours, links to files, lines as wide as it is; and none of them elsewhere."""

from __future__ import annotations

from enum import Enum

from lockstep.model import Place
from lockstep.pattern import pattern
from lockstep.reports.escape import printable, uri

_LINKED = r"\x1b\]8;;[^\x1b]*\x1b\\.*?\x1b\]8;;\x1b\\"
_PIECES = pattern(rf"(?:{_LINKED}|\S)+|\s+")
_UNSEEN = pattern(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m")
NARROWEST = 40
"""Columns; on less a line is left to the terminal."""


class Style(Enum):
    """What a piece of text is; the value is its SGR code (ECMA-48)."""

    PLACE = "36"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;34"
    OLD = "31"
    NEW = "32"
    DIM = "2"
    STRONG = "1"


class Painter:
    """Paints text when `colour` is wanted, links places when `links` says how, and folds lines at `width` columns.

    `links` is an address with `{path}` and `{line}` in it; `root` is where the files lie: without it, nothing is linked.
    """

    def __init__(self, *, colour: bool = False, width: int | None = None, links: str = "", root: str | None = None) -> None:
        self.colour = colour
        self.width = width
        self.links = links
        self.root = root

    def __call__(self, style: Style, text: str) -> str:
        """Give the text in a style."""
        return f"\x1b[{style.value}m{text}\x1b[0m" if self.colour and text else text

    def place(self, one: Place) -> str:
        """Give a place, as a link to its file where a terminal opens it.

        Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda, hyperlinks in terminal emulators
        """
        shown = self(Style.PLACE, printable(str(one)))
        if not self.links or self.root is None or not one.path:
            return shown
        address = self.links.replace("{path}", uri(f"{self.root.rstrip('/')}/{one.path}")).replace("{line}", str(one.line or 1))
        return f"\x1b]8;;{address}\x1b\\{shown}\x1b]8;;\x1b\\"

    def fold(self, text: str) -> str:
        """Break lines that are wider than the terminal between words, what follows below the text; a place or a name stays whole."""
        if self.width is None or self.width < NARROWEST:
            return text
        return "".join(self._folded(line, self.width) for line in text.splitlines(keepends=True))

    def _folded(self, line: str, width: int) -> str:
        if columns(line.rstrip("\n")) <= width:
            return line
        body = line.lstrip(" ")
        indent = " " * min(len(line) - len(body) + 4, width // 2)
        lines, current = [], line[: len(line) - len(body)]
        used = len(current)
        for piece in _PIECES.findall(body.rstrip("\n")):
            wide = columns(piece)
            if piece.isspace() or used + wide <= width or not current.strip():
                current, used = current + piece, used + wide
            else:
                lines.append(current.rstrip(" "))
                current, used = indent + piece, len(indent) + wide
        return "\n".join([*lines, current]) + "\n" * line.endswith("\n")


def columns(text: str) -> int:
    """Count the columns that a text takes on a terminal, what steers it left out."""
    seen = _UNSEEN.sub("", text) if "\x1b" in text else text
    if seen.isascii():
        return len(seen)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - most texts are ASCII

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in seen)
