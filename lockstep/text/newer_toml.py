"""What TOML 1.1 brought, in the words of TOML 1.0: inline tables of several lines or with a comma at their end, escapes of bytes, times without seconds.

Cargo reads it since 1.94, uv and Python's tomllib since 3.15 do too; older Pythons do not, so that who reads a manifest must know which of the two it is.

Sources: https://toml.io/en/v1.1.0; https://docs.python.org/3/library/tomllib.html.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

_TOKEN = pattern(
    r'"""(?P<long>(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{0,2})"""'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{0,2}'''|'[^'\n]*+'"
    r'|"(?P<basic>(?:[^"\\\n]++|\\.)*+)"'
    r"|(?P<comment>\#(?:[^\r\n]++|\r(?!\n))*+)|(?P<newline>\r?\n)|(?P<space>[ \t]++)|(?P<mark>[\[\]{},=])|(?P<word>[^\s\"'\#\[\]{},=]++)",
    re.DOTALL,
)
_ESCAPE = pattern(r"\\(?:(?P<escape>e)|x(?P<byte>[0-9A-Fa-f]{2})|.)", re.DOTALL)
_SHORT_TIME = pattern(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt])?[0-9]{2}:[0-9]{2}(?![0-9:.])")
_BLANK = "\t"
"""What takes the place of a line's end: a space may stand between a date and its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A document in the words of 1.0; `first` is where the document first says something that is none of them."""

    text: str
    first: int
    shifts: tuple[tuple[int, int], ...]
    """The ends of what became longer, as offsets here and in the document."""

    def origin(self, offset: int) -> int:
        """Give the offset in the document of one in the rewritten text."""
        i = bisect_right(self.shifts, offset, key=lambda one: one[0])
        here, there = self.shifts[i - 1] if i else (0, 0)
        return there + offset - here


def rewritten(text: str) -> Rewritten | None:
    """Rewrite a document; None where it says nothing of 1.1, or is cut off."""
    return _Rewriting(text).run()


def escapes(text: str) -> str:
    """Rewrite what stands between double quotes."""
    return _ESCAPE.sub(_unicode, text)


def _unicode(found: re.Match[str]) -> str:
    return r"\u001b" if found["escape"] else rf"\u00{found['byte']}" if found["byte"] else found[0]


class _Rewriting:
    """One pass over one document, token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.open: list[str] = []
        """The brackets of values that are open."""
        self.in_value = False
        self.before = ""
        """The last token that says something."""
        self.comma = -1
        """The part that is the last comma of an inline table."""
        self.broken = False
        """Whether a line of an inline table has ended since that token."""

    def run(self) -> Rewritten | None:
        """Read to the end."""
        i = end = 0
        shifts: list[tuple[int, int]] = []
        while i < len(self.text):
            found = _TOKEN.match(self.text, i)
            new = self._token(found) if found is not None else None
            if found is None or new is None:
                return None
            self.parts.append(new)
            i, end = found.end(), end + len(new)
            if len(new) != len(found[0]):
                shifts.append((end, i))
        text = "".join(self.parts)
        if text == self.text:
            return None
        first = next(at for at, (one, other) in enumerate(zip(self.text, text, strict=False)) if one != other)
        return Rewritten(text=text, first=first, shifts=tuple(shifts))

    def _token(self, found: re.Match[str]) -> str | None:
        """Give a token in the words of 1.0; None where no document goes on like this."""
        kind, text = found.lastgroup, found[0]
        inline = bool(self.open) and self.open[-1] == "{"
        match kind:
            case "space":
                return text
            case "comment":
                return _BLANK * len(text) if inline else text
            case "newline":
                self.in_value = self.in_value and bool(self.open)
                self.broken = self.broken or inline
                return _BLANK * len(text) if inline else text
            case "long" | "basic":
                start = found.start(kind) - found.start()
                text = text[:start] + escapes(found[kind]) + text[start + len(found[kind]) :]
            case "mark" if not self._mark(text, inline=inline):
                return None
            case "word":
                if self.broken and (text.startswith(".") or self.before.endswith(".")):
                    return None  # the parts of a dotted key stand in one line
                text = _SHORT_TIME.sub(r"\g<0>:00", text, count=1) if _SHORT_TIME.match(text) else text
            case _:
                pass
        self.before, self.broken = found[0], False
        return text

    def _mark(self, mark: str, *, inline: bool) -> bool:
        """Follow the brackets; a comma at the end of an inline table goes. Say whether the document may go on."""
        match mark:
            case "=":
                self.in_value = True
            case "[" | "{" if self.in_value:
                self.open.append(mark)
            case "," if inline:
                self.comma = len(self.parts)
                return self.before not in ("{", ",")
            case "]" | "}" if self.open:
                if self.open.pop() != {"]": "[", "}": "{"}[mark]:
                    return False
                if mark == "}" and self.before == ",":
                    self.parts[self.comma] = _BLANK
            case _:
                pass
        return True
