"""A JSON or YAML document as plain values, and where its keys stand.

Sources: RFC 8259, https://yaml.org/spec/1.2.2/; an OpenAPI document may be either: https://spec.openapis.org/oas/v3.1.0#format
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from lockstep.errors import ManifestError
from lockstep.pattern import pattern
from lockstep.text import yaml
from lockstep.text.json import load as load_json
from lockstep.text.toml import Lines

_NAME = pattern(r'"name"\s*:\s*"(?P<parameter>(?:[^"\\]|\\.)*)"|"(?P<name>(?:[^"\\]|\\.)*)"\s*:')
"""A key, or the name of a parameter."""
_YAML = (".yaml", ".yml")


class Spots:
    """Where keys stand: the first line with the name behind the line of the keys around it, which is near enough to look there."""

    def __init__(self, spots: Mapping[str, list[int]], lines: Lines | None = None) -> None:
        self._spots = spots
        self._lines = lines
        self._found: dict[str, int] = {}

    def of(self, path: str, name: str, above: str = "") -> int:
        """Give the line of a key; `above` is the key around it where the path does not say so."""
        around = above or path.removesuffix(name).rstrip(".").replace("[]", "")
        if above:
            self._seek(above, above, 0)
        at = self._seek(path.replace("[]", ""), name, self._found.get(around, 0))
        return max(at, 1) if self._lines is None else self._lines.at(at)[0]

    def _seek(self, path: str, name: str, start: int) -> int:
        spots = self._spots.get(name, [start])
        behind = bisect_left(spots, start)
        at = spots[behind] if behind < len(spots) else spots[0]
        return self._found.setdefault(path, at)


def document(path: str, text: str) -> tuple[dict[str, object], Spots]:
    """Read a document by the ending of its file: JSON, or YAML.

    Raises: ManifestError with the place of what cannot be read, or holds no table.
    """
    spots: dict[str, list[int]] = {}
    if not path.endswith(_YAML):
        load_json(path, text)  # its errors have places
        for found in _NAME.finditer(text):
            spots.setdefault(json.loads(f'"{found[found.lastgroup or 0]}"', strict=False), []).append(found.start())
        body: dict[str, object] = json.loads(text.removeprefix("\ufeff"))
        return body, Spots(spots, Lines(text))
    root = yaml.read(path, text)
    if not isinstance(root, yaml.Mapping):
        raise ManifestError("this holds no table of keys", path=path, line=root.line, column=root.column, help="a schema is a table")
    for name, line in sorted(_keys(root), key=lambda one: one[1]):
        spots.setdefault(name, []).append(line)
    return {key.text: _plain(value) for key, value in root.items()}, Spots(spots)


def _keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    match node:
        case yaml.Mapping():
            for key, value in node.items():
                yield key.text, key.line
                if key.text == "name" and isinstance(value, yaml.Scalar):  # of a parameter
                    yield value.text, value.line
                yield from _keys(value)
        case yaml.Sequence(items=items):
            for item in items:
                yield from _keys(item)
        case yaml.Scalar():
            pass


def _plain(node: yaml.Node) -> object:
    match node:
        case yaml.Mapping():
            return {key.text: _plain(value) for key, value in node.items()}
        case yaml.Sequence(items=items):
            return [_plain(item) for item in items]
        case yaml.Scalar(kind=yaml.Kind.NUMBER, text=text):
            return _number(text)
        case yaml.Scalar():
            return node.value


def _number(text: str) -> object:
    """Give a number as JSON has it; what JSON has no number for stays a text."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value
