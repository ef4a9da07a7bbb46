"""TOML with places: the values by `tomllib`, and where each of them stands.

`tomllib` decides what is TOML and what it means; the scan below only finds the places, on text that is known to be valid.
tomlkit, the tested alternative, has no offsets, and a marker round trip costs 30 times as much (tests hold the two against each other).

Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lockstep.errors import ManifestError

Key: TypeAlias = tuple[str | int, ...]
Table: TypeAlias = dict[str, object]


class Lines:
    """Line and column, both from 1, of an offset in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Give (line, column) of a 0-based offset; columns count characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A value in the text: `start` and `end` are its content (strings without their quotes), `key` is where its key or header starts."""

    start: int
    end: int
    key: int


class Document:
    """A parsed TOML file. `data` is what tomllib gives; `span` finds where a value stands."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        body = text.removeprefix("\ufeff")
        self._skip = len(text) - len(body)
        try:
            # tomllib refuses a lone CR in a comment or string only after normalising CRLF, as the standard asks.
            self.data: Table = tomllib.loads(body)
        except tomllib.TOMLDecodeError as error:
            raise _malformed(path, body, str(error)) from None
        except RecursionError:
            raise ManifestError("not readable as TOML: nested too deeply", path=path, help="flatten the deepest list or table") from None
        self._spans: dict[Key, Span] | None = None
        self._lines: Lines | None = None

    def span(self, *key: str | int) -> Span | None:
        """Give the place of a value by its path of keys and array indexes, None when there is no such key."""
        if self._spans is None:
            self._spans = {}
            for path, span in _scan(self.text, self._skip):
                self._spans.setdefault(path, span)
        return self._spans.get(key)

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


def strings(value: object) -> tuple[str, ...]:
    """Give the strings of a list; none where it is no list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


_SOURCE = {"line": re.compile(r"\(at line (\d+), column (\d+)\)"), "end": re.compile(r"\(at end of document\)")}
CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( .*)?\r?$", re.MULTILINE)


def _malformed(path: str, text: str, error: str) -> ManifestError:
    what = re.sub(r"\s*\(at .*\)$", "", error)
    what = what[:1].lower() + what[1:]
    line, column = Lines(text).at(len(text))
    if found := _SOURCE["line"].search(error):
        line, column = int(found[1]), int(found[2])
    if marker := CONFLICT.search(text):
        places = [str(Lines(text).at(one.start())[0]) for one in CONFLICT.finditer(text)]
        return ManifestError(
            f"merge conflict markers (lines {', '.join(places[:12])})",
            path=path,
            line=Lines(text).at(marker.start())[0],
            column=1,
            help="resolve the conflict, then run the command again",
        )
    return ManifestError(f"not valid TOML: {what}", path=path, line=line, column=column, help="correct the line; tomllib reads TOML 1.0")


_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_LITERAL = re.compile(r"'([^']*)'")
_LONG_BASIC = re.compile(r'"""((?:[^"\\]|\\.|"{1,2}(?!"))*"{0,2})"""', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''((?:[^']|'{1,2}(?!'))*'{0,2})'''", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\r\n]*")


def _scan(text: str, i: int) -> Iterator[tuple[Key, Span]]:
    """Yield (path, span) of every key of a valid document: tables and arrays too, with the place of their first key or header."""
    prefix: Key = ()
    counts: dict[Key, int] = {}
    while (i := _end(_BLANK, text, i)) < len(text):
        if text[i] != "[":
            i = yield from _pair(text, i, prefix)
            continue
        array = text.startswith("[[", i)
        start = i
        i, keys = _keys(text, i + 1 + array)
        i += 1 + array
        prefix = _absolute(keys, counts, array)
        yield prefix, Span(start, i, start)


def _absolute(keys: tuple[str, ...], counts: dict[Key, int], array: bool) -> Key:  # noqa: FBT001 - two kinds of header, one caller
    """Put the index of its latest element behind every array of tables in a header's path."""
    path: Key = ()
    for depth, key in enumerate(keys, 1):
        path = (*path, key)
        if array and depth == len(keys):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _pair(text: str, i: int, prefix: Key) -> Generator[tuple[Key, Span], None, int]:
    start = i
    i, keys = _keys(text, i)
    path = (*prefix, *keys)
    for depth in range(1, len(keys)):
        yield (*prefix, *keys[:depth]), Span(start, i, start)
    return (yield from _value(text, _end(_SPACE, text, i + 1), path, start))


def _keys(text: str, i: int) -> tuple[int, tuple[str, ...]]:
    """Read a dotted key; return the offset of what follows it."""
    keys = []
    while True:
        i = _end(_SPACE, text, i)
        if text[i] == '"':
            found = _BASIC.match(text, i)
            assert found
            keys.append(tomllib.loads(f"k={found[0]}")["k"] if "\\" in found[1] else found[1])
        elif text[i] == "'":
            found = _LITERAL.match(text, i)
            assert found
            keys.append(found[1])
        else:
            found = _BARE.match(text, i)
            assert found
            keys.append(found[0])
        i = _end(_SPACE, text, found.end())
        if text[i] != ".":
            return i, tuple(keys)
        i += 1


def _value(text: str, i: int, path: Key, key: int) -> Generator[tuple[Key, Span], None, int]:
    start, char = i, text[i]
    if char in "\"'":
        rule = (_LONG_BASIC if char == '"' else _LONG_LITERAL) if text.startswith(char * 3, i) else _BASIC if char == '"' else _LITERAL
        found = rule.match(text, i)
        assert found
        yield path, Span(found.start(1), found.end(1), key)
        return found.end()
    if char == "[":
        i, index = _end(_BLANK, text, i + 1), 0
        while text[i] != "]":
            i = yield from _value(text, i, (*path, index), i)
            i, index = _end(_BLANK, text, i), index + 1
            if text[i] == ",":
                i = _end(_BLANK, text, i + 1)
    elif char == "{":
        i = _end(_BLANK, text, i + 1)
        while text[i] != "}":
            i = yield from _pair(text, i, path)
            i = _end(_BLANK, text, i)
            if text[i] == ",":
                i = _end(_BLANK, text, i + 1)
    else:
        i = _end(_SCALAR, text, i)
        yield path, Span(start, start + len(text[start:i].rstrip()), key)
        return i
    yield path, Span(start, i + 1, key)
    return i + 1


def _end(rule: re.Pattern[str], text: str, i: int) -> int:
    found = rule.match(text, i)
    assert found
    return found.end()
