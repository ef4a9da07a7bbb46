"""Signatures as reports show them: shortened to what tells two of them apart, and split at their parameters."""

from __future__ import annotations

LONGEST_SIGNATURE = 100
"""Characters; of a longer pair of signatures the parts that both have are left out."""
LONGEST_LINE = 200
"""Characters; what is longer still is cut off. The JSON has all of it."""


def shortened(old: str | None, new: str | None) -> tuple[str, str]:
    """Give two signatures for one above the other, shortened to what tells them apart where they are long; "" for one that is not there."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only long signatures are taken apart

    if old == new:
        return "", ""
    if not old or not new or max(len(old), len(new)) <= LONGEST_SIGNATURE:
        return _cut(old or ""), _cut(new or "")
    (head, before, tail), (new_head, after, new_tail) = split_signature(old), split_signature(new)
    kept: tuple[list[str], list[str]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for shown, differing in zip(kept, (before[a:b], after[c:d]), strict=True):
            shown.extend(differing if tag != "equal" else ["..."] if shown[-1:] != ["..."] else [])
    return _cut(head + ", ".join(kept[0]) + tail), _cut(new_head + ", ".join(kept[1]) + new_tail)


def signature_lines(old: str | None, new: str | None) -> list[str]:
    """Give two signatures, shortened, as a diff has them: `- def a(b)`, `+ def a(c)`."""
    return [f"{sign} {text}" for sign, text in zip("-+", shortened(old, new), strict=True) if text]


def _cut(signature: str) -> str:
    return signature if len(signature) <= LONGEST_LINE else f"{signature[: LONGEST_LINE - 4]} ..."


def split_signature(signature: str) -> tuple[str, list[str], str]:
    """Split a signature into what stands before its parameters, the parameters, and what follows."""
    parts, depth, start, end = [], 0, 0, len(signature)
    for index, char in enumerate(signature):
        depth += (char in "([{") - (char in ")]}")
        if depth == 1 and char == "(" and not start:
            start = head = index + 1
        elif start and depth == 0 and char == ")":
            end = index
            break
        elif start and depth == 1 and char == ",":
            parts.append(signature[start:index].strip())
            start = index + 1
    if not start:
        return "", [signature], ""
    return signature[:head], [*parts, signature[start:end].strip()], signature[end:]
