"""Rust tokens and token trees: what attributes, cfg predicates and macros are made of.

Source: https://doc.rust-lang.org/reference/tokens.html. `<` and `>` stay single, for only a parser knows whether they are brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from lockstep.dataclass import dataclass, field

DEEPEST = 100
"""How deep token trees may nest; what lies deeper becomes one token that no Rust has, so that whoever reads on finds it unreadable."""


class Token(NamedTuple):
    """One token; `joint` says that the next one follows without a space."""

    text: str
    joint: bool = False

    @property
    def is_name(self) -> bool:
        """Say whether it is an identifier or a keyword."""
        return self.text[0].isalpha() or self.text[0] == "_"

    @property
    def is_literal(self) -> bool:
        """Say whether it is a number, a text, a character or a boolean."""
        head = self.text[0]
        return (
            head.isdigit() or head == '"' or (head == "'" and self.text[-1] == "'" and len(self.text) > 2) or '"' in self.text or self.text in ("true", "false")
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A delimited group of trees; `opening` is one of `(`, `[`, `{`. `count` is the size of what is in it, negative where nobody counted."""

    opening: str
    trees: tuple[Tree, ...]
    count: int = field(default=-1, repr=False, compare=False)

    @property
    def closing(self) -> str:
        """The bracket that ends it."""
        return CLOSING[self.opening]


Tree: TypeAlias = Token | Group


def text_of(part: Tree | None) -> str:
    """Give the text of a token; "" for a group, and where there is nothing."""
    return part.text if isinstance(part, Token) else ""


def size(parts: Sequence[Tree]) -> int:
    """Count tokens and groups at every depth."""
    found = len(parts)
    for part in parts:
        if part.__class__ is Group:
            found += part.count if part.count >= 0 else size(part.trees)
    return found


def group(opening: str, inner: Sequence[Tree]) -> Group:
    """Make a group that knows its size."""
    return Group(opening, tuple(inner), size(inner))


CLOSING = {"(": ")", "[": "]", "{": "}"}

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*)
    |(?P<raw>(?:b|c|br|cr|r)(?P<hash>\#*)"(?s:.*?)"(?P=hash)(?![\#]))
    |(?P<text>(?:b|c)?"(?:\\(?s:.)|[^"\\])*")
    |(?P<char>b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}']*\}|.)|[^\\'\n])')
    |(?P<life>'[A-Za-z_]\w*)
    |(?P<name>(?:r\#)?[^\W\d]\w*)
    |(?P<number>\d(?:[eE][+-](?=\d)|\w|\.(?=\d))*(?:\.(?![.\w]))?)
    |(?P<sign>::|->|=>|\.\.\.|\.\.=|\.\.|&&|\|\||==|!=|<=|[-+*/%^&|]=|.)""",
    re.VERBOSE,
)


def lex(text: str) -> Iterator[Token]:
    """Give the tokens of a text, without comments."""
    position, pending = 0, None
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:  # a lone NUL or the like: nothing that Rust knows
            position += 1
            continue
        position = found.end()
        kind = found.lastgroup
        if kind == "skip":
            if found[0] == "/*":
                position = _past_comment(text, position)
            if pending is not None:
                yield Token(pending)
                pending = None
            continue
        if pending is not None:
            yield Token(pending, joint=True)
        pending = found[0]
        if kind == "hash":
            pending = found["raw"]
    if pending is not None:
        yield Token(pending)


_COMMENT = re.compile(r"/\*|\*/")


def _past_comment(text: str, position: int) -> int:
    """Give where a block comment ends; they nest."""
    depth = 1
    for found in _COMMENT.finditer(text, position):
        depth += 1 if found[0] == "/*" else -1
        if not depth:
            return found.end()
    return len(text)


SHORT = 200
"""Characters of texts whose token trees are kept: attributes, imports and types are the same again and again."""


def trees(text: str) -> tuple[Tree, ...]:
    """Give the token trees of a text; a bracket that nothing closes is closed by the end."""
    return _kept(text) if len(text) < SHORT else _trees(text)


@lru_cache(maxsize=32_768)
def _kept(text: str) -> tuple[Tree, ...]:
    return _trees(text)


def _trees(text: str) -> tuple[Tree, ...]:
    stack: list[tuple[str, list[Tree]]] = [("", [])]
    for token in lex(text):
        if token.text in CLOSING:
            if len(stack) > DEEPEST:
                stack[-1][1].append(Token("\ufffd"))
                break
            stack.append((token.text, []))
        elif token.text in ")]}":
            if len(stack) > 1:
                opening, inner = stack.pop()
                stack[-1][1].append(group(opening, inner))
        else:
            stack[-1][1].append(token)
    while len(stack) > 1:
        opening, inner = stack.pop()
        stack[-1][1].append(group(opening, inner))
    return tuple(stack[0][1])


def write(parts: Iterable[Tree]) -> str:
    """Give the text of trees: it lexes to the same tokens."""
    out: list[str] = []
    _write(parts, out)
    return "".join(out).strip()


def _write(parts: Iterable[Tree], out: list[str]) -> None:
    for part in parts:
        if isinstance(part, Group):
            out.append(part.opening)
            _write(part.trees, out)
            out.append(part.closing + " ")
        else:
            out.append(part.text if part.joint else part.text + " ")


def split(parts: Sequence[Tree], separator: str = ",") -> list[tuple[Tree, ...]]:
    """Split trees at a separator that stands outside of generic arguments; a trailing separator adds nothing."""
    found: list[tuple[Tree, ...]] = []
    current: list[Tree] = []
    angle = 0
    for index, part in enumerate(parts):
        text = part.text if isinstance(part, Token) else ""
        if text == separator and not angle:
            found.append(tuple(current))
            current = []
            continue
        if text == "<" and (angle or _opens_generics(parts, index)):
            angle += 1
        elif text == ">" and angle:
            angle -= 1
        current.append(part)
    if current:
        found.append(tuple(current))
    return [one for one in found if one]


def _opens_generics(parts: Sequence[Tree], index: int) -> bool:
    """Say whether `<` opens generic arguments: it follows `::`, a name of a type, or nothing, and something closes it."""
    before = parts[index - 1] if index else None
    if isinstance(before, Group):
        return False
    opens = before is None or before.text in ("::", "&", "=", "->", ":", ",") or (before.is_name and before.text.removeprefix("r#")[:1].isupper())
    return opens and any(isinstance(one, Token) and one.text == ">" for one in parts[index + 1 :])


def names(parts: Iterable[Tree]) -> Iterator[str]:
    """Give every identifier in trees."""
    for part in parts:
        if isinstance(part, Group):
            yield from names(part.trees)
        elif part.is_name:
            yield unraw(part.text)


def literal(parts: Sequence[Tree]) -> str | None:
    """Give the value of a single text literal (plain, raw, byte or C string), None for anything else."""
    if len(parts) != 1 or isinstance(parts[0], Group):
        return None
    return unquote(parts[0].text)


_QUOTED = re.compile(r'(?:b|c)?(r?)(#*)"(.*)"\2', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]+)\}|(\n\s*)|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def unquote(text: str) -> str | None:
    """Give the value of a text literal, None when it is none."""
    found = _QUOTED.fullmatch(text)
    if found is None:
        return None
    if found[1]:
        return found[3]

    def plain(one: re.Match[str]) -> str:
        if code := one[1] or one[2]:
            number = int(code.replace("_", ""), 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return "" if one[3] else _PLAIN.get(one[4], one[4])

    return _ESCAPE.sub(plain, found[3])


def unraw(name: str) -> str:
    """Give an identifier without the mark that lets it be a keyword."""
    return name.removeprefix("r#")
