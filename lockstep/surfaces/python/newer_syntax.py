"""Newer syntax than the running Python's, rewritten line by line so that it can be parsed here.

`def f[T](x: T)` and `class A[T]:` lose their brackets, which are kept beside the text; `type X[T] = ...` becomes `X: TypeAlias = ...`. What is
new inside of functions goes with their bodies.

Source: PEP 695, PEP 696 (defaults), PEP 701, PEP 750, PEP 758.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from typing import TypeAlias

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

Position: TypeAlias = tuple[int, int]

LARGEST = 2 * 2**20
"""Characters; the tokens of a longer text take too long to read."""

_LINE = pattern(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Bracketed:
    """One parameter in the brackets of a definition: the attributes of `ast.TypeVar`, and its stars."""

    name: str
    stars: str = ""
    bound: ast.expr | None = None
    default_value: ast.expr | None = None


@dataclass(frozen=True, slots=True)
class Lowered:
    """A text that may parse now, and the type parameters of what is defined on a line under a name."""

    text: str
    parameters: dict[tuple[int, str], tuple[Bracketed, ...]]


@dataclass(frozen=True, slots=True)
class _Edit:
    start: Position
    end: Position
    new: str


def lower(text: str) -> Iterator[Lowered]:
    """Give the text with older syntax: first with the bodies of functions, then without."""
    if len(text) > LARGEST:
        return
    lines = iter(_LINE.findall(text))
    try:
        tokens = [one for one in tokenize.generate_tokens(lambda: next(lines, "")) if one.type not in (tokenize.COMMENT, tokenize.NL)]
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return
    parameters: dict[tuple[int, str], tuple[Bracketed, ...]] = {}
    edits = list(_definitions(tokens, parameters))
    yield Lowered(_edited(text, edits), parameters)
    yield Lowered(_edited(text, [*edits, *_bodies(tokens)]), parameters)


def _definitions(tokens: list[tokenize.TokenInfo], parameters: dict[tuple[int, str], tuple[Bracketed, ...]]) -> Iterator[_Edit]:
    for i in range(len(tokens) - 2):
        word, name, then = tokens[i : i + 3]
        first = i == 0 or tokens[i - 1].type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT) or tokens[i - 1].string in (";", ":", "async")
        if not first or name.type != tokenize.NAME or word.string not in ("def", "class", "type"):
            continue
        end = i + 1
        if then.string == "[":
            end = _closing(tokens, i + 2)
            parameters[word.start[0], name.string] = tuple(_parameters(tokens[i + 3 : end]))
        if word.string == "type" and end + 1 < len(tokens) and tokens[end + 1].string == "=":
            yield _Edit(word.start, tokens[end].end, _padded(f"{name.string}: TypeAlias", word.start, tokens[end].end))
        elif word.string != "type" and then.string == "[":
            yield _Edit(then.start, tokens[end].end, _padded("", then.start, tokens[end].end))


def _closing(tokens: list[tokenize.TokenInfo], start: int) -> int:
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i].string in ("[", "(", "{")) - (tokens[i].string in ("]", ")", "}"))
        if depth == 0:
            return i
    return len(tokens) - 1


def _padded(new: str, start: Position, end: Position) -> str:
    """Keep the number of lines."""
    return new + "\\\n" * (end[0] - start[0])


def _parameters(tokens: list[tokenize.TokenInfo]) -> Iterator[Bracketed]:
    depth, start = 0, 0
    for i, token in enumerate([*tokens, None]):
        text = token.string if token is not None else ","
        if text == "," and depth == 0:
            if found := _parameter(tokens[start:i]):
                yield found
            start = i + 1
        depth += (text in ("[", "(", "{")) - (text in ("]", ")", "}"))


def _parameter(tokens: list[tokenize.TokenInfo]) -> Bracketed | None:
    texts = [one.string for one in tokens]
    stars = texts.pop(0) if texts and texts[0] in ("*", "**") else ""
    if not texts:
        return None
    name, rest = texts[0], texts[1:]
    equals = rest.index("=") if "=" in rest else len(rest)
    bound = rest[1:equals] if rest[:1] == [":"] else []
    return Bracketed(name, stars, _expression(bound), _expression(rest[equals + 1 :]))


def _expression(texts: list[str]) -> ast.expr | None:
    try:
        return ast.parse(" ".join(texts), mode="eval").body if texts else None
    except (SyntaxError, RecursionError, MemoryError):
        return None


def _bodies(tokens: list[tokenize.TokenInfo]) -> Iterator[_Edit]:
    """Replace what is indented below a `def` by `pass`."""
    i = 0
    while i < len(tokens):
        if tokens[i].string == "def" and tokens[i].type == tokenize.NAME:
            indent = next((j for j in range(i, len(tokens)) if tokens[j].type == tokenize.NEWLINE), len(tokens)) + 1
            if indent < len(tokens) and tokens[indent].type == tokenize.INDENT:
                depth, j = 1, indent + 1
                while j < len(tokens) and depth:
                    depth += (tokens[j].type == tokenize.INDENT) - (tokens[j].type == tokenize.DEDENT)
                    j += 1
                last = next(tokens[k] for k in range(j - 1, 0, -1) if tokens[k].type == tokenize.NEWLINE)
                start = tokens[indent].end
                yield _Edit(start, last.start, "pass" + "\n" * (last.start[0] - start[0]))
                i = j
                continue
        i += 1


def _edited(text: str, edits: list[_Edit]) -> str:
    starts = [0]
    for line in _LINE.findall(text):
        starts.append(starts[-1] + len(line))
    out, end = [], 0
    for edit in sorted(edits, key=lambda one: one.start):
        start = starts[edit.start[0] - 1] + edit.start[1]
        if start < end:
            continue  # a definition inside of a body that is gone
        out += [text[end:start], edit.new]
        end = starts[edit.end[0] - 1] + edit.end[1]
    out.append(text[end:])
    return "".join(out)
