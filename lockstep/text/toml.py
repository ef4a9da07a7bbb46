"""TOML with places: the values, and where each of them stands.

`tomli` (the standard library's tomllib, compiled: a third of its time) decides what is TOML and what it means; the scan below only
finds the places, on text that is known to be valid. What most manifests say needs neither: `plain_toml` reads it in one pass. What only
TOML 1.1 allows is rewritten for it by `newer_toml`, and `newer` says where that begins: not every tool reads it.
tomlkit, the tested alternative, has no offsets, and a marker round trip costs 30 times as much (tests hold the two against each other).

Source: https://toml.io/en/v1.1.0
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lockstep.errors import ManifestError
from lockstep.pattern import pattern
from lockstep.text import plain_toml
from lockstep.text.plain_toml import Key as Key  # noqa: PLC0414 - the words of TOML are had here
from lockstep.text.plain_toml import Place
from lockstep.text.plain_toml import Table as Table  # noqa: PLC0414 - likewise

if TYPE_CHECKING:
    from lockstep.text.newer_toml import Rewritten

LARGEST = 8 * 1024 * 1024
"""Characters of the largest file that is read: tomli needs a second for each megabyte of small keys."""

DEEPEST = 100
"""Parts of the longest dotted key: the time grows with the square of them."""


SHORT = 64 * 1024
"""Characters of texts whose values are kept: a manifest is read for several questions, and is the same at several tags. Nobody writes in `data`."""


class Parsed(NamedTuple):
    """What a text says; where, if it is plain; and the offset of the first thing that only TOML 1.1 allows."""

    data: Table
    places: Mapping[Key, Place] | None = None
    newer: int | None = None


@lru_cache(maxsize=2048)
def _read(path: str, body: str) -> Parsed:
    """Give what a text says."""
    plain = plain_toml.read(body)
    return _loaded(path, body) if plain is None else Parsed(*plain)


def _loaded(path: str, body: str) -> Parsed:
    """Give what a text says in tomli's words."""
    import tomli  # noqa: PLC0415 - most manifests are plain

    _refuse_bomb(path, body)
    older: Rewritten | None = None
    try:
        try:
            return Parsed(tomli.loads(body))
        except tomli.TOMLDecodeError:
            from lockstep.text import newer_toml  # noqa: PLC0415 - few say more than TOML 1.0 does

            older = newer_toml.rewritten(body)
            if older is None:
                raise
            return Parsed(tomli.loads(older.text), newer=older.first)
    except tomli.TOMLDecodeError as error:
        raise _malformed(path, body, str(error), older) from None
    except ValueError:  # Python converts no text of more than 4300 digits
        line, column = Lines(body).at(found.start() if (found := _ENDLESS_NUMBER.search(body)) else 0)
        raise ManifestError("not readable as TOML: a number without end", path=path, line=line, column=column, help="correct the line") from None
    except RecursionError:
        raise _too_deep(path, body) from None


class Lines:
    """Line and column, both from 1, of an offset in a text."""

    FEW = 8
    """So often the text is counted anew: most texts are asked for the place of one version, or two."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = 0
        self._starts: list[int] = []

    def at(self, offset: int) -> tuple[int, int]:
        """Give (line, column) of a 0-based offset; columns count characters."""
        self._asked += 1
        if self._asked <= self.FEW:
            return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)
        if not self._starts:
            self._starts = [0, *(found.end() for found in re.finditer("\n", self._text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Give the 0-based offset of a line and a column."""
        start = 0
        for _ in range(line - 1):
            start = self._text.index("\n", start) + 1
        return start + column - 1


class Span(NamedTuple):
    """A value in the text: `start` and `end` are its content (strings without their quotes), `key` is where its key or header starts."""

    start: int
    end: int
    key: int


class Document:
    """A parsed TOML file. `data` is what it says; `span` finds where a value stands; `newer` is the offset of what only TOML 1.1 allows.

    Raises: ManifestError when the text is not TOML, or a bomb.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        body = text.removeprefix("\ufeff")
        _refuse_large(path, body)
        self.data, places, newer = (_read if len(body) < SHORT else _read.__wrapped__)(path, body)
        self._body = len(text) - len(body)
        self.newer = None if newer is None else newer + self._body
        self._places = places if not self._body else None
        self._lines: Lines | None = None

    def span(self, *key: str | int) -> Span | None:
        """Give the place of a value by its path of keys and array indexes, None when there is no such key."""
        if self._places is None:
            try:
                self._places = scan(self.text, self._body)
            except RecursionError:
                raise _too_deep(self.path, self.text) from None
        place = self._places.get(key)
        return None if place is None else Span(*place)

    def where(self, *key: str | int) -> int:
        """Give the offset where a key or header starts, 0 when there is no such key."""
        span = self.span(*key)
        return span.key if span else 0

    def at(self, offset: int) -> tuple[int, int]:
        """Give (line, column), both from 1, of an offset."""
        if self._lines is None:
            self._lines = Lines(self.text)
        return self._lines.at(offset)

    def table(self, *key: str) -> Table:
        """Give the table at a path of keys; an empty one where there is none or where another type stands."""
        value: object = self.data
        for part in key:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def string(self, *key: str | int) -> str | None:
        """Give the string at a path of keys and indexes, None where there is none."""
        value: object = self.data
        for part in key:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value if isinstance(value, str) else None


def values(text: str) -> Table:
    """Give what a part of a document says, without places.

    Raises: ValueError, tomli's, when it is not TOML.
    """
    plain = plain_toml.read(text)
    if plain is not None:
        return plain[0]
    import tomli  # noqa: PLC0415 - likewise

    return tomli.loads(text)


def strings(value: object) -> tuple[str, ...]:
    """Give the strings of a list; none where it is no list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


# ---- what is not TOML

CONFLICT = pattern(r"^(<{7}|={7}|>{7}|\|{7})( .*)?\r?$", re.MULTILINE)
_PLACE = pattern(r" *\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
_KEY_TUPLE = pattern(r"\(((?:'[^']*'(?:, )?)+),?\)")
_ENDLESS_NUMBER = pattern(r"[0-9](?:_?[0-9]){4300}")
_MANY_DOTS = pattern(rf"(?:\.[^.\n]*){{{DEEPEST}}}")
_DEEP_KEY = pattern(rf"(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\.[ \t]*){{{DEEPEST}}}")
_DEEP_VALUE = pattern(r"(?:[\[{][^\[\]{}\n]*){20}")


def _refuse_large(path: str, text: str) -> None:
    if len(text) > LARGEST:
        raise ManifestError(f"not readable as TOML: larger than {LARGEST // 1024 // 1024} MB", path=path, help="exclude it, or make it smaller")


def _refuse_bomb(path: str, text: str) -> None:
    if (dots := _MANY_DOTS.search(text)) and (found := _DEEP_KEY.search(text, text.rfind("\n", 0, dots.start()) + 1)):
        line, column = Lines(text).at(found.start())
        message = f"not readable as TOML: a key of more than {DEEPEST} parts"
        raise ManifestError(message, path=path, line=line, column=column, help="write the key with fewer parts")


def _too_deep(path: str, text: str) -> ManifestError:
    line, column = Lines(text).at(found.start() if (found := _DEEP_VALUE.search(text)) else 0)
    return ManifestError("not readable as TOML: nested too deeply", path=path, line=line, column=column, help="flatten the deepest list or table")


def _malformed(path: str, text: str, error: str, older: Rewritten | None) -> ManifestError:
    """Make tomli's message ours: `Invalid value (at line 1, column 5)`, `... (at end of document)`; `older` is the text that it is about, if it is not this."""
    lines = Lines(text)
    if markers := [lines.at(one.start())[0] for one in CONFLICT.finditer(text)]:
        return ManifestError(
            f"merge conflict markers (lines {', '.join(map(str, markers[:12]))}{', ...' if len(markers) > 12 else ''})",
            path=path,
            line=markers[0],
            column=1,
            help="resolve the conflict, then run the command again",
        )
    place = _PLACE.search(error)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else lines.at(len(text.rstrip()))
    if older is not None and place and place[1]:
        line, column = lines.at(older.origin(Lines(older.text).offset(line, column)))
    what = _KEY_TUPLE.sub(lambda found: ".".join(re.findall(r"'([^']*)'", found[0])), _PLACE.sub("", error))
    what = what[:1].lower() + what[1:]
    return ManifestError(f"not valid TOML: {what}", path=path, line=line, column=column, help="correct the line; TOML 1.1 is what is read")


# ---- where values stand

_SPACE = r"(?:[ \t\r\n]+|#[^\n]*)*"
_BLANK = pattern(_SPACE)
_AFTER = pattern(rf"{_SPACE}(?:,{_SPACE})?")
_BARE = r"[A-Za-z0-9_-]+"
_KEY = pattern(rf"""[ \t]*(?:(?P<bare>{_BARE})|"(?P<basic>[^"\\]*(?:\\.[^"\\]*)*)"|'(?P<literal>[^']*)')[ \t]*""")
_EQUALS = pattern(rf"{_SPACE}={_SPACE}")
_BASIC = pattern(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_LITERAL = pattern(r"'([^']*)'")
_LONG_BASIC = pattern(r'"""([^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{0,2})"""', re.DOTALL)
_LONG_LITERAL = pattern(r"\'\'\'([^\']*(?:\'{1,2}(?!\')[^\']*)*\'{0,2})\'\'\'")
_SCALAR = pattern(r"[^,\]}#\r\n]*")
# What most statements are, read at one go: a header, a text, a truth value, or an inline table of these; any other leaves the groups empty.
_PLAIN_PAIR = pattern(rf'(?P<key>{_BARE})[ \t]*=[ \t]*"(?P<value>[^"\\\n]*)"(?!")')
_INNER_PAIR = pattern(rf'({_BARE})[ \t]*=[ \t]*(?:"([^"\\\n]*)"|(true|false))')
_INNER = rf'[ \t]*{_BARE}[ \t]*=[ \t]*(?:"[^"\\\n]*"(?!")|true|false)[ \t]*'
_STATEMENT = pattern(
    rf"{_SPACE}(?:\[(?P<header>{_BARE}(?:\.{_BARE})*)\]"
    rf'|(?P<key>{_BARE})[ \t]*=[ \t]*(?:"(?P<value>[^"\\\n]*)"(?!")|(?P<word>true|false)(?=[\r\n])|\{{(?P<inline>{_INNER}(?:,{_INNER})*)\}}))?'
)


def scan(text: str, i: int) -> dict[Key, Span]:
    """Give the place of every key of a valid document: of tables and arrays too, that of their first key or header."""
    spans: dict[Key, Span] = {}
    counts: dict[Key, int] = {}
    prefix: Key = ()
    while True:
        plain = _match(_STATEMENT, text, i)
        i = plain.end()
        if plain.lastgroup == "value":
            spans[*prefix, plain[2]] = Span(plain.start(3), plain.end(3), plain.start(2))
        elif plain.lastgroup == "header":
            prefix = _absolute(tuple(plain[1].split(".")), counts)
            start = plain.start(1) - 1
            spans.setdefault(prefix, Span(start, i, start))
        elif plain.lastgroup == "inline":
            path = (*prefix, plain[2])
            for inner in _INNER_PAIR.finditer(text, plain.start(5), plain.end(5)):
                spans[*path, inner[1]] = Span(*inner.span(inner.lastindex or 0), inner.start())
            spans[path] = Span(plain.start(5) - 1, i, plain.start(2))
        elif plain.lastgroup == "word":
            spans[*prefix, plain[2]] = Span(plain.start(4), plain.end(4), plain.start(2))
        elif i == len(text):
            return spans
        elif text[i] != "[":
            i = _pair(text, i, prefix, spans)
        else:
            start, depth = i, 2 if text.startswith("[[", i) else 1
            i, keys = _keys(text, i + depth)
            i += depth
            prefix = _absolute(keys, counts, array=depth == 2)
            spans.setdefault(prefix, Span(start, i, start))


def _absolute(keys: Key, counts: dict[Key, int], *, array: bool = False) -> Key:
    """Put the index of its latest element behind every array of tables in a header's path."""
    if not array and not counts:
        return keys
    path: Key = ()
    for depth, key in enumerate(keys, 1):
        path = (*path, key)
        if array and depth == len(keys):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _pair(text: str, i: int, prefix: Key, spans: dict[Key, Span]) -> int:
    """Read `key = value`; return the offset of what follows it, as all readers below do."""
    start = i
    if plain := _PLAIN_PAIR.match(text, i):
        spans[*prefix, plain[1]] = Span(*plain.span(2), start)
        return plain.end()
    i, keys = _keys(text, i)
    for depth in range(1, len(keys)):
        spans.setdefault((*prefix, *keys[:depth]), Span(start, i, start))
    return _value(text, _match(_EQUALS, text, i).end(), (*prefix, *keys), start, spans)


def _keys(text: str, i: int) -> tuple[int, Key]:
    """Read a dotted key."""
    keys: list[str] = []
    while True:
        found = _match(_KEY, text, i)
        bare, basic, literal = found.groups()
        if basic is not None and "\\" in basic:
            import tomli  # noqa: PLC0415 - likewise

            from lockstep.text import newer_toml  # noqa: PLC0415 - likewise

            basic = str(tomli.loads(f'k="{newer_toml.escapes(basic)}"')["k"])
        keys.append(bare or basic or literal or "")
        i = found.end()
        if text[i] != ".":
            return i, tuple(keys)
        i += 1


def _value(text: str, i: int, path: Key, key: int, spans: dict[Key, Span]) -> int:
    start, char = i, text[i]
    if char in "\"'":
        long = text.startswith(char * 3, i)
        found = _match((_LONG_BASIC if long else _BASIC) if char == '"' else (_LONG_LITERAL if long else _LITERAL), text, i)
        spans[path] = Span(found.start(1), found.end(1), key)
        return found.end()
    if char == "[":
        i, index = _match(_BLANK, text, i + 1).end(), 0
        while text[i] != "]":
            i = _value(text, i, (*path, index), i, spans)
            i, index = _match(_AFTER, text, i).end(), index + 1
    elif char == "{":
        i = _match(_BLANK, text, i + 1).end()
        while text[i] != "}":
            i = _match(_AFTER, text, _pair(text, i, path, spans)).end()
    else:
        i = _match(_SCALAR, text, i).end()
        spans[path] = Span(start, start + len(text[start:i].rstrip()), key)
        return i
    spans[path] = Span(start, i + 1, key)
    return i + 1


def _match(rule: re.Pattern[str], text: str, i: int) -> re.Match[str]:
    found = rule.match(text, i)
    assert found  # tomli has read it
    return found
