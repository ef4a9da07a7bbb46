"""A Markdown changelog becomes sections. The block structure is markdown-it's; what a heading means is said in `titles`.

Inline markup is not parsed: a changelog of two megabytes takes half a second so, and every span is one of whole lines or found by its text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from lockstep.changelog import dates, titles
from lockstep.changelog.model import Block, BlockKind, Changelog, Definition, Item, Marker, Section, Unclosed
from lockstep.changelog.titles import Kind, Title
from lockstep.dataclass import dataclass, replace
from lockstep.pattern import pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

DEEPEST = 4
"""The lowest heading that may name a release."""
_NEWLINE = pattern(r"\r\n?|\n")
"""What markdown-it takes for the end of a line."""
_DEFINITION = pattern(r" {0,3}\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:[ \t]*<?(?P<url>[^\s<>]+)>?")
_CLOSED = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*$")
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})")
_KINDS = {
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "bullet_list_open": BlockKind.LIST,
    "ordered_list_open": BlockKind.LIST,
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "hr": BlockKind.RULE,
}


@lru_cache(maxsize=4)
def read(path: str, text: str) -> Changelog:
    """Read a changelog written in Markdown, once for those who judge it and those who write it; whatever it holds, there is an answer."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only what reads changelogs pays for the parser

    markdown = MarkdownIt("commonmark")
    markdown.core.ruler.enableOnly(["normalize", "block"])
    env: dict[str, object] = {}
    mark = len(text) - len(text.removeprefix("\ufeff"))
    tokens = markdown.parse(text[mark:], env)
    page = _Page(text, mark)
    top = list(_blocks(tokens, page, 0))
    found = _headings(top, page) or _bullets(tokens, page)
    definitions = tuple(_definitions(top, page))
    tail = _tail(top, definitions, page)
    return Changelog(
        path=path,
        text=text,
        sections=tuple(_sections(found, top, tail, page)),
        definitions=definitions,
        unclosed=_unclosed(tokens, page),
        preamble=tuple(block for block in top if not found or block.start < found[0].start),
        tail=tail,
    )


class _Page:
    """A text and its lines, as the parser counts them."""

    def __init__(self, text: str, mark: int) -> None:
        self.text = text
        self.starts = [mark, *(found.end() for found in _NEWLINE.finditer(text))]
        self._real = [0, *(found.end() for found in re.finditer("\n", text))]

    def start(self, line: int) -> int:
        """Give the offset of a 0-based line; behind the last one, the text's length."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def line(self, number: int) -> str:
        """Give a line without what ends it."""
        return self.text[self.start(number) : self.start(number + 1)].rstrip("\r\n")

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """Give the offsets of lines `first` to `behind`, blank lines at the end and the last newline left out."""
        start = self.start(first)
        return start, start + len(self.text[start : self.start(behind)].rstrip())

    def number(self, offset: int) -> int:
        """Give the 1-based line, as editors count them."""
        return bisect_right(self._real, offset)


# ---- blocks


def _blocks(tokens: Sequence[Token], page: _Page, level: int) -> Iterator[Block]:
    """Give the blocks at one level of nesting."""
    for number, token in enumerate(tokens):
        if token.level != level or token.nesting < 0 or token.map is None or token.type == "inline":
            continue
        start, end = page.span(*token.map)
        kind = _KINDS.get(token.type, BlockKind.OTHER)
        if token.type == "html_block" and token.content.lstrip().startswith("<!--"):
            kind = BlockKind.COMMENT
        said = tokens[number + 1].content if kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) else ""
        items = tuple(_items(tokens, number, page)) if kind is BlockKind.LIST else ()
        yield Block(kind=kind, start=start, end=end, text=said, level=int(token.tag[1]) if kind is BlockKind.HEADING else 0, items=items)


def _items(tokens: Sequence[Token], number: int, page: _Page) -> Iterator[Item]:
    """Give the items of the list that token `number` opens."""
    opened = tokens[number]
    for index in range(number + 1, len(tokens)):
        token = tokens[index]
        if token.level == opened.level and token.nesting < 0:
            return
        if token.type == "list_item_open" and token.level == opened.level + 1 and token.map is not None:
            start, end = page.span(*token.map)
            yield Item(start=start, end=end)


def _definitions(blocks: Iterable[Block], page: _Page) -> Iterator[Definition]:
    """Give the link reference definitions: the parser takes them out of the text, so they stand where no block is."""
    end = page.start(0)
    ends = [*((block.start, block.end) for block in blocks), (len(page.text), len(page.text))]
    for start, behind in ends:
        at = end
        for line in page.text[end:start].splitlines(keepends=True):
            if (found := _DEFINITION.match(line)) is not None:
                yield Definition(label=found["label"], url=found["url"], at=at + found.start("url"), start=at, end=at + len(line.rstrip()))
            at += len(line)
        end = max(end, behind)


def _tail(blocks: Sequence[Block], definitions: Sequence[Definition], page: _Page) -> int:
    """Give where the definitions at the end of the file start, when releases are among them; comments between them count."""
    last = max((block.end for block in blocks if block.kind is not BlockKind.COMMENT), default=0)
    behind = [one for one in definitions if one.start >= last]
    if not any(titles.read(one.label) for one in behind):
        return len(page.text)
    comments = [block.start for block in blocks if block.kind is BlockKind.COMMENT and block.start >= last]
    return min([behind[0].start, *comments])


def _unclosed(tokens: Iterable[Token], page: _Page) -> Unclosed | None:
    """Find a fence or a comment that runs to the end of the file because nobody closed it."""
    for token in tokens:
        if token.map is None or token.type not in ("fence", "html_block"):
            continue
        start = page.start(token.map[0])
        if token.type == "html_block":
            if token.content.lstrip().startswith("<!--") and "-->" not in token.content:
                return Unclosed(what="comment", start=start)
            continue
        last = page.line(token.map[1] - 1)
        shut = _CLOSED.search(last)
        closed = token.map[1] - token.map[0] > 1 and shut is not None and token.markup in shut[0]
        if not closed and not page.text[page.start(token.map[1]) :].strip():
            return Unclosed(what="code fence", start=start)
    return None


# ---- sections


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A heading that starts a section: where it stands, and what it says; one without a title ends the section before it."""

    start: int
    behind: int
    heading: str
    marker: Marker
    level: int
    title: Title | None
    blocks: tuple[Block, ...] = ()


def _headings(blocks: Iterable[Block], page: _Page) -> list[_Found]:
    found = [_found(block, page) for block in blocks if block.kind is BlockKind.HEADING]
    named = [one for one in found if one.title is not None]
    if not named:
        return []
    released = [one.level for one in named if one.title is not None and one.title.kind is Kind.RELEASE and not one.title.named]
    top = released[0] if released else min(one.level for one in named)
    kept: list[_Found] = []
    level = top
    for one in found:
        if one.title is not None and not (one.level > top and (one.title.named or one.title.kind is Kind.UNRELEASED)):
            kept.append(one)
            level = one.level
        elif one.level <= level and kept:
            kept.append(replace(one, title=None))
    return kept


def _found(block: Block, page: _Page) -> _Found:
    text = page.text
    line = text.find("\n", block.end)
    behind = len(text) if line == -1 else line + 1
    marker = Marker.ATX if text[block.start : block.end].lstrip(" ").startswith("#") else Marker.SETEXT
    title = titles.read(block.text) if block.level <= DEEPEST and "\n" not in block.text else None
    return _Found(start=block.start, behind=behind, heading=block.text, marker=marker, level=block.level, title=title)


def _bullets(tokens: Sequence[Token], page: _Page) -> list[_Found]:
    """Find the releases of a changelog that is one list: `- v1.2.0`, its entries nested below."""
    found: list[_Found] = []
    for number, token in enumerate(tokens):
        if token.type != "list_item_open" or token.level != 1 or token.map is None or tokens[number + 1].type != "paragraph_open":
            continue
        said = tokens[number + 2].content
        title = titles.read(said) if "\n" not in said else None
        if title is None or title.named:
            continue
        inside = list(_inside(tokens, number))
        start = page.start(token.map[0])
        behind = page.start(token.map[0] + 1)
        blocks = tuple(block for block in _blocks(inside, page, 2) if block.start >= behind)
        found.append(_Found(start=start, behind=behind, heading=said, marker=Marker.BULLET, level=1, title=title, blocks=blocks))
    return found


def _inside(tokens: Sequence[Token], number: int) -> Iterator[Token]:
    for index in range(number + 1, len(tokens)):
        if tokens[index].level == tokens[number].level:
            return
        yield tokens[index]


def _sections(found: Sequence[_Found], blocks: Sequence[Block], tail: int, page: _Page) -> Iterator[Section]:
    starts = [block.start for block in blocks]
    for number, one in enumerate(found):
        if one.title is None:
            continue
        end = max(one.behind, min(found[number + 1].start if number + 1 < len(found) else len(page.text), tail))
        mine = one.blocks or tuple(blocks[bisect_left(starts, one.behind) : bisect_left(starts, end)])
        at = page.text.find(one.heading, one.start)
        below = mine[0] if mine and mine[0].kind is BlockKind.PARAGRAPH else None
        line = below.text.partition("\n")[0] if below is not None else ""
        date = one.title.date
        if date is not None:
            date = replace(date, start=date.start + at)
        dated_below = None
        if date is None and below is not None and _RELEASED.match(line) and (said := dates.find(page.text[below.start : below.start + len(line) + 8])):
            date, dated_below = replace(said, start=said.start + below.start), below
        yield Section(
            title=one.title,
            heading=one.heading,
            at=at,
            marker=one.marker,
            level=one.level,
            start=one.start,
            body=one.behind,
            end=end,
            line=page.number(one.start),
            date=date,
            dated_below=dated_below,
            pending=below if below is not None and one.title.version is not None and titles.says_unreleased(line) else None,
            blocks=mine,
        )


_RELEASED = pattern(r"[*_ >]{0,4}(?:released?\b|release date\b|date\b|published\b|[0-9]{1,4}[-./ ]|[A-Z][a-z]{2,8}\.? [0-9])", re.IGNORECASE)
