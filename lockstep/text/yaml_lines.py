"""What stands at the top of a YAML file, read line by line: recipes hold templates, which no parser of YAML takes, and locks are long.

Source: https://yaml.org/spec/1.2.2/#chapter-8-block-style-productions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern

LARGEST = 1_000_000
"""How many characters a manifest may have."""

_KEY = r"(?P<key>[A-Za-z_][\w-]*):(?=[ \t\r\n]|\Z)[ \t]*"
_VALUE = r"(?P<quote>[\"']?)(?P<value>[^\s\"'#][^\r\n\"'#]*?|)(?P=quote)[ \t]*(?:#[^\r\n]*)?\r?$"
_TOP = pattern(rf"^{_KEY}(?:{_VALUE})?", re.MULTILINE)
_INNER = pattern(rf"^[ ]+(?:-[ ]+)?{_KEY}(?:{_VALUE})?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its plain text, if it has one, from 0; `end` is where the next key of the same level starts."""

    key: str
    value: str
    start: int
    body: int
    end: int


def top(text: str) -> dict[str, Entry]:
    """Give the keys that are not indented; the first of two equal ones counts."""
    found: dict[str, Entry] = {}
    if len(text) <= LARGEST:
        matches = list(_TOP.finditer(text))
        for number, one in enumerate(matches):
            end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
            found.setdefault(one["key"], Entry(one["key"], one["value"] or "", one.start("value"), one.end(), end))
    return found


def below(text: str, entry: Entry) -> Iterator[Entry]:
    """Give the keys that stand in the lines below an entry, however deep."""
    for one in _INNER.finditer(text, entry.body, entry.end):
        yield Entry(one["key"], one["value"] or "", one.start("value"), one.end(), entry.end)
