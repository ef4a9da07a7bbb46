"""The fragment specifiers of `macro_rules!`: how much of its arguments each of them takes.

Fragments end where Rust's follow sets say that they must, so no expression has to be understood to be carried from an invocation into a body.
Source: https://doc.rust-lang.org/reference/macros-by-example.html#metavariables
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, text_of
from lockstep.surfaces.rust_source.types import parse, past_angles

Fragment: TypeAlias = Callable[[Sequence[Tree], int], int | None]
"""Gives the index behind the fragment that starts at an index, None where there is none."""


def _single_token(test: Callable[[Token], bool]) -> Fragment:
    def take(parts: Sequence[Tree], index: int) -> int | None:
        part = parts[index]
        return index + 1 if isinstance(part, Token) and test(part) else None

    return take


def _until(*ends: str) -> Fragment:
    """Take what stands before one of `ends` that is outside of turbofish and closure parameters."""

    def take(parts: Sequence[Tree], start: int) -> int | None:
        index = start
        if text_of(parts[index]) == "move":
            index += 1
        if index < len(parts) and text_of(parts[index]) == "|" and "|" not in ends:
            closing = next((one for one in range(index + 1, len(parts)) if text_of(parts[one]) == "|"), None)
            index = index if closing is None else closing + 1
        while index < len(parts) and text_of(parts[index]) not in ends:
            turbofish = text_of(parts[index]) == "::" and index + 1 < len(parts) and text_of(parts[index + 1]) == "<"
            index = past_angles(parts, index + 1) if turbofish else index + 1
        return index if index > start else None

    return take


def _literal(parts: Sequence[Tree], index: int) -> int | None:
    if text_of(parts[index]) == "-" and index + 1 < len(parts):
        index += 1
    part = parts[index]
    return index + 1 if isinstance(part, Token) and part.is_literal else None


def _type(parts: Sequence[Tree], index: int) -> int | None:
    _, end = parse(parts, index)
    return end if end > index else None


def _path(parts: Sequence[Tree], index: int) -> int | None:
    return _type(parts, index) if isinstance(parts[index], Token) else None


def _block(parts: Sequence[Tree], index: int) -> int | None:
    part = parts[index]
    return index + 1 if isinstance(part, Group) and part.opening == "{" else None


def _visibility(parts: Sequence[Tree], index: int) -> int | None:
    if index >= len(parts) or text_of(parts[index]) != "pub":
        return index
    following = parts[index + 1] if index + 1 < len(parts) else None
    restricted = (
        isinstance(following, Group)
        and following.opening == "("
        and text_of(following.trees[0] if following.trees else None) in ("crate", "super", "self", "in")
    )
    return index + 2 if restricted else index + 1


def _meta(parts: Sequence[Tree], index: int) -> int | None:
    end = _path(parts, index)
    if end is None:
        return None
    if end < len(parts) and isinstance(parts[end], Group):
        return end + 1
    if end < len(parts) and text_of(parts[end]) == "=":
        return _until(",", ";", "=>")(parts, end + 1)
    return end


def item_end(parts: Sequence[Tree], index: int) -> int | None:
    """Give the index behind the item that starts at `index`."""
    while index + 1 < len(parts) and text_of(parts[index]) == "#":
        index += 2
    to_semicolon = False
    start = index
    while index < len(parts):
        part = parts[index]
        if isinstance(part, Token):
            following = text_of(parts[index + 1] if index + 1 < len(parts) else None)
            if part.text in ("const", "static", "type", "use") and following not in ("fn", "unsafe", "async"):
                to_semicolon = True
            if part.text == ";":
                return index + 1
        elif part.opening == "{" and not to_semicolon:
            return index + 1
        index += 1
    return index if to_semicolon and index > start else None


FRAGMENTS: Mapping[str, Fragment] = {
    "ident": _single_token(lambda token: token.is_name and token.text != "_"),
    "lifetime": _single_token(lambda token: token.text[0] == "'" and not token.is_literal),
    "literal": _literal,
    "tt": lambda _, index: index + 1,
    "block": _block,
    "path": _path,
    "ty": _type,
    "expr": _until(",", ";", "=>"),
    "expr_2021": _until(",", ";", "=>"),
    "stmt": _until(",", ";", "=>"),
    "pat": _until(",", "=", "=>", "if", "in"),
    "pat_param": _until(",", "=", "=>", "|", "if", "in"),
    "meta": _meta,
    "item": item_end,
    "vis": _visibility,
}
