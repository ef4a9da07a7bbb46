"""HTML that cannot forget to escape: what is put into a template is text, unless it was made by a template itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from lockstep.reports.escape import printable


class Html(str):
    """A piece of HTML; every other string is text."""

    __slots__ = ()


def fill(template: str, /, **values: object) -> Html:
    """Put values into the `{fields}` of a template, as text; several pieces of HTML stand one behind the other."""
    return Html(template.format_map({name: _safe(value) for name, value in values.items()}))


def joined(pieces: Iterable[Html], between: str = "") -> Html:
    """Give pieces one behind the other."""
    return Html(between.join(pieces))


def _safe(value: object) -> str:
    return value if isinstance(value, Html) else escape(printable(str(value)))


def lines(text: str) -> Html:
    """Give a text whose newlines are its own."""
    return Html("\n".join(_safe(line) for line in text.split("\n")))


NOTHING = Html()
