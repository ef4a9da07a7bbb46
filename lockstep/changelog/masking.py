"""A text without its code, at the same offsets: blanks stand where code stood."""

from __future__ import annotations

import re

from lockstep.pattern import pattern

_FENCE = pattern(r"^(?P<indent>[ \t>]*(?:[-*+][ \t]+)?)(?P<mark>`{3,}|~{3,})[^\n]*(?:\n(?![ \t>]*(?P=mark))[^\n]*)*(?:\n[^\n]*)?", re.MULTILINE)
_SPAN = pattern(r"(?<!`)(`{1,8})(?!`)(?:(?!\n[ \t]*\n).){1,2000}?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = pattern(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def without_code(text: str) -> str:
    """Blank out fenced code, code spans and comments."""
    for rule in (_FENCE, _COMMENT, _SPAN):
        text = rule.sub(lambda found: re.sub(r"[^\r\n]", " ", found[0]), text)
    return text
