"""What rustc reads and the grammar of tree-sitter does not, said in words that it knows; every line stays where it is.

Each gap is of a published crate: of 26,910 files of 1,300 crates the grammar refused 62, and most of them for these. What stands in texts and comments
is left alone.

Source: https://doc.rust-lang.org/reference/ (tokens, paths, where clauses, trait objects)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.pattern import pattern

_ASIDE = (
    r"//[^\n]*"
    r"|/\*(?:.*?\*/|.*)"  # to the end where nothing closes it
    r'|\bb?r(?P<hashes>\#*)"(?:.*?"(?P=hashes)|.*)'
    r'|"(?:[^"\\]|\\.)*+(?:"|\Z)'
    r"|b?'(?:[^'\\\n]|\\[^\n][^'\n]*)'"
)
_GAPS = pattern(
    rf"""(?P<aside>{_ASIDE})
    |(?P<macro>\bmacro_rules[ ]+![ ]*)                                       # macro_rules ! name
    |(?P<metavariable>\$[ ]+(?=[A-Za-z_]))                                   # $ name : expr
    |(?<=[<,])(?P<negative>\s*-\s*[0-9]\w*)(?=\s*[,>])                       # Ranged<-9_999, 9_999>
    |(?P<word>\b(?:const|static|fn|mod|let)\s+)(?=(?:default|union|auto|raw|safe)\b)   # const default: u32
    |(?P<unit>\(\s*\))(?=\s*:\s*(?!:)[\w<])                                  # where (): Trait
    |(?P<empty>(?:\bfor\s*|::\s*)?<\s*>)                                   # impl<> Trait for Type<>
    |(?P<auto>\bauto\s+)(?=trait\b)                                         # unsafe auto trait, of nightly
    |(?P<trailing>\+)(?=\s*\{{)                                              # trait A: B + {{
    |\bdyn\s+(?P<lifetime>'\w+)(?P<plus>\s*\+\s*)                            # dyn 'a + Trait
    """,
    re.VERBOSE | re.DOTALL,
)
FURTHEST = 2_000
"""Characters in which bounds that begin with a lifetime end."""
MOST_LIFETIMES = 1_000
"""Bounds that begin with a lifetime; what holds more is told as not read."""
_BOUNDS = pattern(r"->|=>|(?P<open>[(\[<])|(?P<close>[)\]>])|(?P<end>[,;={])")


def reworded(source: str) -> str:
    """Give a Rust text without what the grammar does not know; the same text where it says nothing of the kind."""
    parts, last = [], 0
    for start, end, text in sorted(_edits(source)):
        if start >= last:
            parts += [source[last:start], text]
            last = end
    return "".join([*parts, source[last:]])


def _edits(source: str) -> Iterator[tuple[int, int, str]]:
    """Give what is said in other words: where it starts and ends, and the other words."""
    lifetimes = 0
    for found in _GAPS.finditer(source):
        start, end = found.span()
        match found.lastgroup:
            case "macro":
                yield start, end, "macro_rules! "
            case "metavariable":
                yield start, end, "$"
            case "negative":
                yield start, end, f"{{{found[0]}}}"
            case "word":
                yield start, end, f"{found[0]}r#"
            case "unit":
                yield start, end, f"({found[0]})"
            case "empty" | "auto":
                yield start, end, re.sub(r"[^\n]", "", found[0]) or " "
            case "trailing":
                yield start, end, " "
            case "plus":  # a lifetime is a bound as the others are, and the grammar knows it behind them
                lifetimes += 1
                if lifetimes > MOST_LIFETIMES or (behind := _end_of_bounds(source, end)) is None:
                    continue
                yield found.start("lifetime"), end, re.sub(r"[^\n]", "", found["plus"])
                yield behind, behind, f" + {found['lifetime']}"
            case _:
                pass


def _end_of_bounds(source: str, start: int) -> int | None:
    """Give where the bounds end that start there: at what closes a bracket that was open before, or separates what stands in it; None if that is far."""
    depth = 0
    for found in _BOUNDS.finditer(source, start, start + FURTHEST):
        match found.lastgroup:
            case "open":
                depth += 1
            case "close":
                if depth == 0:
                    return _before(source, start, found.start())
                depth -= 1
            case "end" if depth == 0:
                return _before(source, start, found.start())
            case _:
                pass
    return None


def _before(source: str, start: int, end: int) -> int:
    """Give the end of a part without the blanks behind it."""
    return start + len(source[start:end].rstrip())
