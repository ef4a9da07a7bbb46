"""Two signatures side by side: laid out so that their parts stand on lines of their own, and the words that differ marked."""

from __future__ import annotations

from difflib import SequenceMatcher

from lockstep.pattern import pattern
from lockstep.reports.markup import Html, fill, joined, lines
from lockstep.reports.signatures import split_signature

WIDE = 60
"""Characters that fit into half of a page."""
MOST_WORDS = 800
"""What is longer is shown without marks: comparing takes the square of it."""
LEAST_SHARED = 0.5
"""How much two texts must share to be two forms of one: between others, as an enum and its new variant, each word would be marked."""
_WORD = pattern(r"\w+|\s+|[^\w\s]")


def side_by_side(old: str | None, new: str | None) -> tuple[Html, Html]:
    """Give both texts with what only one of them has marked."""
    if not old or not new:
        return lines(_laid_out(old or "")), lines(_laid_out(new or ""))
    if max(len(old), len(new)) > WIDE:
        old, new = _laid_out(old, always=True), _laid_out(new, always=True)
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return lines(old), lines(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < LEAST_SHARED:
        return lines(old), lines(new)
    left, right = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        left.append(_marked("del", "".join(before[a:b]), differs=tag != "equal"))
        right.append(_marked("ins", "".join(after[c:d]), differs=tag != "equal"))
    return joined(left), joined(right)


def _marked(name: str, text: str, *, differs: bool) -> Html:
    if not differs or not text.strip():
        return lines(text)
    body = text.strip()
    start = text.index(body)
    return joined((lines(text[:start]), fill(f"<{name}>{{body}}</{name}>", body=lines(body)), lines(text[start + len(body) :])))


def _laid_out(signature: str, *, always: bool = False) -> str:
    """Give a long signature with a line for each parameter."""
    if "\n" in signature or not (always or len(signature) > WIDE):
        return signature
    head, inner, tail = split_signature(signature)
    if not head or inner == [""]:
        return signature
    return head + "".join(f"\n    {one}," for one in inner if one) + f"\n{tail}"
