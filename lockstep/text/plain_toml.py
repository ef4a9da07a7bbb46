"""TOML as manifests are written, values and places in one pass.

What a manifest says in other words (escapes, texts of several lines, dates, floats, quoted keys), and every fault, is left to `tomli`: `read`
gives None, and never a value that `tomli` would not give. One expression reads a whole statement, so a manifest costs half of what tomli takes,
which is compiled, and the places come with it; tests hold both against tomli and the scan of `toml`.

Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
from typing import TypeAlias, cast

from lockstep.pattern import pattern

Key: TypeAlias = tuple[str | int, ...]
Table: TypeAlias = dict[str, object]
Place: TypeAlias = tuple[int, int, int]
"""Where a value stands: offsets of its start and its end, and of where its key or header starts."""

_BARE = r"[A-Za-z0-9_-]++"
_PART = rf"""(?:{_BARE}|"[^"\\\x00-\x08\x0a-\x1f\x7f]*+"|'[^'\x00-\x08\x0a-\x1f\x7f]*+')"""
_COMMENT = r"\#[^\x00-\x08\x0a-\x1f\x7f]*+"
_END = rf"[ \t]*+(?:{_COMMENT})?(?:\r?\n|\Z)"
_BLANK = rf"(?:[ \t]++|\r?\n|{_COMMENT}(?=\r?\n))*+"
_TEXT = r'"(?P<text>[^"\\\x00-\x08\x0a-\x1f\x7f]*+)"(?!")'
_LITERAL = r"'(?P<literal>[^'\x00-\x08\x0a-\x1f\x7f]*+)'(?!')"
_WORD = r"(?P<word>true|false)"
_NUMBER = r"(?P<number>-?(?:0|[1-9][0-9]{0,17}))"
_LONG = r'"""(?P<long>(?:[^"\\\x00-\x08\x0b-\x1f\x7f]++|"{1,2}(?!"))*+)"""'
_INNER_TEXT = r'"[^"\\\x00-\x08\x0a-\x1f\x7f]*+"(?!")'
_SPACE = r"(?:[ \t]++|\r?\n)*+"
_INNER_LIST = rf"\[{_SPACE}(?:{_INNER_TEXT}{_SPACE}(?:,{_SPACE}|(?=\])))*+\]"
_INNER_PAIR = rf"[ \t]*+{_BARE}[ \t]*+=[ \t]*+(?:{_INNER_TEXT}|true|false|{_INNER_LIST}|(?:0|[1-9][0-9]{{0,17}})(?![0-9A-Za-z_.:-]))[ \t]*+"
_INNER = rf"(?:{_INNER_PAIR}(?:,(?!\}})|(?=\}})))++"

_STATEMENT = re.compile(
    rf"(?:[ \t]*+(?:{_COMMENT})?\r?\n)*+[ \t]*+"
    rf"(?:(?P<key>{_BARE})(?P<more>(?:\.{_BARE})*+)[ \t]*+=[ \t]*+"
    rf"(?:(?P<list>\[)|(?:{_TEXT}|{_WORD}|\{{(?P<inline>{_INNER})\}}|{_NUMBER}|{_LITERAL}|{_LONG}){_END})"
    rf"|(?:\[(?P<header>{_PART}(?:\.{_PART})*+)\]|\[\[(?P<element>{_BARE}(?:\.{_BARE})*+)\]\]){_END}|(?P<end>(?:{_COMMENT})?\Z))"
)
_PAIR = pattern(rf'({_BARE})[ \t]*+=[ \t]*+(?:"([^"]*+)"|(true|false)|(\[(?:[^"\]]|"[^"]*+")*+\])|([0-9]++))')
_ITEM = pattern(rf"{_BLANK}(?:{_TEXT}|{_LITERAL}|(?P<close>\])|\{{(?P<inline>{_INNER})\}}|{_WORD}|{_NUMBER})")
_BETWEEN = pattern(rf"{_BLANK}(?:,|(?=\]))")
_REST = pattern(_END)
_PARTS = pattern(_PART)
_QUOTED = pattern(r'"([^"]*+)"')


class _Other(Exception):  # noqa: N818 - no error: tomli is to be asked
    """Raised where a document says something that is not read here."""


def read(text: str) -> tuple[Table, dict[Key, Place]] | None:
    """Give the values of a document and where each stands; None where it is not valid, or says what is not read here."""
    try:
        return _Reading(text).run()
    except _Other:
        return None


DEEPEST = 20
"""Parts of a key; one with more, whose every part would be a place of its own, is nothing for this reader."""


def _parts(header: str) -> list[str]:
    """Give the parts of a header's name, without their quotes."""
    if '"' not in header and "'" not in header:
        return header.split(".")
    return [found[0][1:-1] if found[0][0] in "\"'" else found[0] for found in _PARTS.finditer(header)]


class _Reading:
    """One pass over one document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data: Table = {}
        self.places: dict[Key, Place] = {}
        self.opened: dict[int, bool] = {}
        """The tables and the arrays of tables that a header may enter, by identity: whether one has named the table itself."""
        self.dotted: set[int] = set()
        """The tables that dotted keys made, by identity."""

    def run(self) -> tuple[Table, dict[Key, Place]]:
        """Read statement by statement."""
        places, statement = self.places, _STATEMENT.match
        table: Table = self.data
        prefix: Key = ()
        i = 0
        while (found := statement(self.text, i)) is not None:
            i = found.end()
            match found.lastgroup:
                case "header":
                    table, prefix = self._open(_parts(found[10]))
                    places.setdefault(prefix, (found.start(10) - 1, found.end(10) + 1, found.start(10) - 1))
                    continue
                case "element":
                    table, prefix = self._append(found[11].split("."))
                    places.setdefault(prefix, (found.start(11) - 2, found.end(11) + 2, found.start(11) - 2))
                    continue
                case "end":
                    return self.data, places
                case kind:
                    key, start, home = found[1], found.start(1), table
                    path: Key = (*prefix, key)
            if found[2]:
                key, home, path = self._dotted(table, prefix, found)
            if key in home:
                raise _Other
            home[key], begin, end, i = self._value(found, kind or "", i, path)
            places[path] = (begin, end, start)
        raise _Other

    def _value(self, found: re.Match[str], kind: str, i: int, path: Key) -> tuple[object, int, int, int]:
        """Give the value of a statement, where it stands, and where the statement ends."""
        start, end = found.span(kind)
        text = found[kind]
        match kind:
            case "text" | "literal":
                return text, start, end, i
            case "inline":
                return self._inline(start, end, path), start - 1, end + 1, i
            case "word":
                return text == "true", start, end, i
            case "list":
                items, end = self._list(end, path)
                if (rest := _REST.match(self.text, end)) is None:
                    raise _Other
                return items, start, end, rest.end()
            case "number":
                return int(text), start, end, i
            case _:
                return text.removeprefix("\n"), start, end, i

    def _open(self, parts: list[str]) -> tuple[Table, Key]:
        """Give the table that a header names, and its path: behind an array of tables the index of its latest element."""
        above, path = self._way(parts)
        table = above.get(parts[-1])
        if table is None:
            table = above[parts[-1]] = {}
        elif type(table) is not dict or self.opened.get(id(table), True):
            raise _Other
        self.opened[id(table)] = True
        return table, (*path, parts[-1])

    def _append(self, parts: list[str]) -> tuple[Table, Key]:
        """Give the next element of an array of tables, and its path."""
        above, path = self._way(parts)
        array = above.get(parts[-1])
        if array is None:
            array = above[parts[-1]] = []
            self.opened[id(array)] = True
        elif type(array) is not list or id(array) not in self.opened:
            raise _Other
        table: Table = {}
        array.append(table)
        self.opened[id(table)] = True
        return table, (*path, parts[-1], len(array) - 1)

    def _way(self, parts: list[str]) -> tuple[Table, Key]:
        """Give the table that holds the one which a header names, and its path; tables on the way that no header has named are made."""
        if len(parts) > DEEPEST:
            raise _Other
        here, path = self.data, Key()
        for part in parts[:-1]:
            path = (*path, part)
            inner = here.get(part)
            if inner is None:
                inner = here[part] = {}
                self.opened[id(inner)] = False
            elif id(inner) not in self.opened:
                raise _Other
            if type(inner) is list:
                path = (*path, len(inner) - 1)
                inner = inner[-1]
            here = cast("Table", inner)
        return here, path

    def _dotted(self, table: Table, prefix: Key, found: re.Match[str]) -> tuple[str, Table, Key]:
        """Give the last part of a dotted key, the table that it is a key of, and its path."""
        *parts, last = found.string[found.start(1) : found.end(2)].split(".")
        if len(parts) > DEEPEST:
            raise _Other
        start, end = found.start(1), found.string.index("=", found.end(2))
        for part in parts:
            prefix = (*prefix, part)
            inner = table.get(part)
            if inner is None:
                inner = table[part] = {}
                self.dotted.add(id(inner))
            elif id(inner) not in self.dotted:
                raise _Other
            self.places.setdefault(prefix, (start, end, start))
            table = cast("Table", inner)
        return last, table, (*prefix, last)

    def _inline(self, start: int, end: int, path: Key) -> Table:
        """Read the pairs of an inline table."""
        table: Table = {}
        for found in _PAIR.finditer(self.text, start, end):
            key, number = found[1], found.lastindex or 0
            if key in table:
                raise _Other
            here = (*path, key)
            if number == 2:
                table[key] = found[2]
            elif number == 3:
                table[key] = found[3] == "true"
            elif number == 5:
                table[key] = int(found[5])
            else:
                items: list[object] = []
                table[key] = items
                for item in _QUOTED.finditer(self.text, *found.span(4)):
                    self.places[*here, len(items)] = (*item.span(1), item.start())
                    items.append(item[1])
            self.places[here] = (*found.span(number), found.start())
        return table

    def _list(self, i: int, path: Key) -> tuple[list[object], int]:
        """Read an array from behind its bracket; give what follows it."""
        items: list[object] = []
        while (found := _ITEM.match(self.text, i)) is not None:
            i, kind, here = found.end(), found.lastgroup or "", (*path, len(items))
            if kind == "close":
                return items, i
            start, end = found.span(kind)
            if kind in {"text", "literal"}:
                items.append(found[kind])
                self.places[here] = (start, end, start - 1)
            elif kind == "inline":
                items.append(self._inline(start, end, here))
                self.places[here] = (start - 1, end + 1, start - 1)
            else:
                items.append(found[kind] == "true" if kind == "word" else int(found[kind]))
                self.places[here] = (start, end, start)
            if (between := _BETWEEN.match(self.text, i)) is None:
                break
            i = between.end()
        raise _Other
