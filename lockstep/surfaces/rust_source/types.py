"""Rust types as trees, read from tokens: enough to say what crosses the border to another language.

Source: https://doc.rust-lang.org/reference/types.html. Lifetimes say nothing at that border and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, split, trees, unraw, write


@dataclass(frozen=True, slots=True)
class Named:
    """A path, with the generic arguments of its last segment that has any: `std::vec::Vec<u8>`."""

    path: tuple[str, ...]
    arguments: tuple[RustType, ...] = ()

    @property
    def name(self) -> str:
        """The last segment."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A reference or a raw pointer; `how` is `&`, `&mut`, `*const` or `*mut`."""

    to: RustType
    how: str = "&"


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple; without items it is the unit type."""

    items: tuple[RustType, ...] = ()


@dataclass(frozen=True, slots=True)
class Array:
    """An array, or a slice when `length` is empty."""

    of: RustType
    length: str = ""


@dataclass(frozen=True, slots=True)
class Bounded:
    """`impl A + B` or `dyn A + B`."""

    bounds: tuple[RustType, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else: a function pointer, `!`, `_`, a qualified path, a macro."""

    text: str


RustType: TypeAlias = Named | Borrowed | Tuple | Array | Bounded | Other
UNIT = Tuple()


@lru_cache(maxsize=32_768)
def read(text: str) -> RustType:
    """Read the text of a type."""
    found, _ = parse(trees(text), 0)
    return found


DEEPEST = 40
"""How deep types may nest; what lies deeper is not read."""


def parse(parts: Sequence[Tree], start: int, depth: int = 0) -> tuple[RustType, int]:
    """Read the type that starts at an index; give it and the index behind it (`start` itself when there is none)."""
    if start >= len(parts) or depth > DEEPEST:
        return Other(""), max(start, len(parts))
    head = parts[start]
    if isinstance(head, Group):
        return _grouped(head, depth), start + 1
    match head.text:
        case "&" | "&&" | "*":
            past = _skip(parts, start + 1, ("const", "mut"))
            found, end = parse(parts, past, depth + 1)
            written = any(_text(parts, index) == "mut" for index in range(start + 1, past))
            one = Borrowed(found, ("*mut" if written else "*const") if head.text == "*" else "&mut" if written else "&")
            return (Borrowed(one) if head.text == "&&" else one), end
        case "dyn" | "impl":
            return _bounded(parts, start + 1, depth)
        case "!" | "_":
            return Other(head.text), start + 1
        case "for" | "?":
            return parse(parts, past_angles(parts, start + 1) if head.text == "for" else start + 1, depth + 1)
        case "fn" | "unsafe" | "extern":
            return _function(parts, start, depth)
        case "<":
            return _qualified(parts, start)
    return _path(parts, start, depth)


def _grouped(group: Group, depth: int) -> RustType:
    if group.opening == "(":
        items = tuple(parse(part, 0, depth + 1)[0] for part in split(group.trees))
        single = len(items) == 1 and not (isinstance(group.trees[-1], Token) and group.trees[-1].text == ",")
        return items[0] if single else Tuple(items)
    if group.opening == "[":
        found, end = parse(group.trees, 0, depth + 1)
        return Array(found, write(group.trees[end + 1 :]))
    return Other(write([group]))


def _skip(parts: Sequence[Tree], index: int, words: tuple[str, ...]) -> int:
    """Give the index behind lifetimes and words."""
    while index < len(parts):
        part = parts[index]
        if not isinstance(part, Token) or not (part.text in words or part.text[0] == "'"):
            break
        index += 1
    return index


def _bounded(parts: Sequence[Tree], index: int, depth: int) -> tuple[RustType, int]:
    bounds: list[RustType] = []
    while index < len(parts):
        if (past := _skip(parts, index, ())) == index:
            found, past = parse(parts, index, depth + 1)
            if past == index:
                break
            bounds.append(found)
        index = past
        if index >= len(parts) or _text(parts, index) != "+":
            break
        index += 1
    return Bounded(tuple(bounds)), index


def _function(parts: Sequence[Tree], start: int, depth: int) -> tuple[RustType, int]:
    index = start
    while index < len(parts) and not (isinstance(one := parts[index], Group) and one.opening == "("):
        if isinstance(one, Group):
            break
        index += 1
    index = min(index + 1, len(parts))
    if _text(parts, index) == "->":
        _, index = parse(parts, index + 1, depth + 1)
    return Other(write(parts[start:index])), index


def _qualified(parts: Sequence[Tree], start: int) -> tuple[RustType, int]:
    index = past_angles(parts, start)
    while _text(parts, index) == "::" and index + 1 < len(parts):
        index += 2
        if _text(parts, index) == "<":
            index = past_angles(parts, index)
    return Other(write(parts[start:index])), index


def _path(parts: Sequence[Tree], start: int, depth: int) -> tuple[RustType, int]:
    path: list[str] = []
    arguments: tuple[RustType, ...] = ()
    index = start + 1 if _text(parts, start) == "::" else start
    if _text(parts, index) == "$":  # $crate, seen where a macro is read and not expanded
        index += 1
    while index < len(parts):
        part = parts[index]
        if not isinstance(part, Token) or not part.is_name:
            break
        path.append(unraw(part.text))
        index += 1
        if _text(parts, index) == "<" or (_text(parts, index) == "::" and _text(parts, index + 1) == "<"):
            opening = index if _text(parts, index) == "<" else index + 1
            index = past_angles(parts, opening)
            arguments = _arguments(parts[opening + 1 : index - 1], depth)
        elif index < len(parts) and isinstance(group := parts[index], Group) and group.opening == "(" and path[-1].startswith("Fn"):
            index += 1
            if _text(parts, index) == "->":
                _, index = parse(parts, index + 1, depth + 1)
        if _text(parts, index) != "::":
            break
        index += 1
    if not path:
        return Other(write(parts[start : start + 1])), start
    if _text(parts, index) == "!" and index + 1 < len(parts):
        return Other(write(parts[start : index + 2])), index + 2
    return Named(tuple(path), arguments), index


def _arguments(parts: Sequence[Tree], depth: int) -> tuple[RustType, ...]:
    found = []
    for part in split(parts):
        if _text(part, 0)[:1] == "'" or _text(part, 1) == "=":  # a lifetime; an associated type
            continue
        found.append(parse(part, 0, depth + 1)[0])
    return tuple(found)


def past_angles(parts: Sequence[Tree], index: int) -> int:
    """Give the index behind the `>` that closes the `<` at `index`."""
    depth = 0
    while index < len(parts):
        text = _text(parts, index)
        depth += (text == "<") - (text == ">")
        index += 1
        if not depth:
            break
    return index


def _text(parts: Sequence[Tree], index: int) -> str:
    part = parts[index] if index < len(parts) else None
    return part.text if isinstance(part, Token) else ""
