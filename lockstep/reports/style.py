"""Colour for a terminal: the few styles that reports use, and none of them elsewhere."""

from __future__ import annotations

from enum import Enum


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
    """Paints text when `colour` is wanted."""

    def __init__(self, *, colour: bool = False) -> None:
        self.colour = colour

    def __call__(self, style: Style, text: str) -> str:
        """Give the text in a style."""
        return f"\x1b[{style.value}m{text}\x1b[0m" if self.colour and text else text
