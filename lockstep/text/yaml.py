"""YAML with places: the one reader of it. Every node knows its line and column; what GitHub would refuse or read otherwise is refused here.

YAML 1.2: `on`, `yes` and `off` are words. A key that stands twice is an error, for most readers silently take the last one. Anchors and
aliases are followed; merge keys (`<<`) are not part of YAML 1.2 and GitHub refuses them.
ruamel.yaml gives the events of the text, PyYAML, the tested alternative, reads YAML 1.1; nodes are made here, so that every limit holds
before anything grows.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from lockstep.dataclass import dataclass, field
from lockstep.errors import ManifestError
from lockstep.pattern import pattern

if TYPE_CHECKING:
    from ruamel.yaml.events import Event, ScalarEvent

LARGEST = 512 * 1024
"""Characters of the largest file that is read."""
DEEPEST = 60
"""Levels of the deepest nesting."""
MOST_ALIASES = 200
LARGEST_WRITTEN_OUT = 100_000
"""Nodes of the whole document when every alias is written out: what an anchor of anchors of anchors multiplies."""


class Kind(StrEnum):
    """What a scalar is by the core schema of YAML 1.2."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text, number, boolean or nothing. `block` is true for `|` and `>`, whose text begins in the next line."""

    text: str
    line: int
    column: int
    kind: Kind = Kind.TEXT
    block: bool = False

    @property
    def value(self) -> str | bool | None:
        """The text, a boolean, or None; a number stays its text."""
        match self.kind:
            case Kind.BOOLEAN:
                return self.text.lower() == "true"
            case Kind.NULL:
                return None
            case _:
                return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Keys and values in the order of the text; `keys` are where each key stands."""

    entries: dict[str, Node]
    keys: dict[str, Scalar] = field(repr=False)
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """Give the value of a key, None where there is none."""
        return self.entries.get(key)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Give every key with its place, and its value."""
        return ((self.keys[key], value) for key, value in self.entries.items())


Node: TypeAlias = Scalar | Sequence | Mapping


def texts(node: Node | None) -> tuple[Scalar, ...]:
    """Give the scalars of a list, or the scalar itself as a list of one; nothing for all else."""
    match node:
        case Sequence(items=items):
            return tuple(item for item in items if isinstance(item, Scalar))
        case Scalar(kind=kind) if kind is not Kind.NULL:
            return (node,)
        case _:
            return ()


def read(path: str, text: str) -> Node:
    """Read one document.

    Raises: ManifestError with the place of what is not YAML 1.2, stands twice, or is a bomb.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - heavy: only a command that reads workflows pays for it
    from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError  # noqa: PLC0415

    if len(text) > LARGEST:
        raise ManifestError(f"not readable as YAML: larger than {LARGEST // 1024} KiB", path=path, help="make it smaller")
    if marker := _CONFLICT.search(text):
        raise ManifestError("merge conflict markers", path=path, line=text.count("\n", 0, marker.start()) + 1, column=1, help="resolve the conflict")
    loader = YAML(typ="safe", pure=True)
    try:
        return _Reader(path).document(loader.parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = {} if mark is None else {"line": mark.line + 1, "column": mark.column + 1}
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise ManifestError(f"not valid YAML: {what}", path=path, **where, help="correct the line; YAML 1.2 is what is read") from None
    except (YAMLError, YAMLStreamError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ManifestError(f"not valid YAML: {what}", path=path, help="YAML 1.2 is what is read") from None


_CONFLICT = pattern(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_NULL = pattern(r"~|null|Null|NULL|")
_BOOLEAN = pattern(r"true|True|TRUE|false|False|FALSE")
_NUMBER = pattern(r"[-+]?(?:[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)")
_TAGS = {
    f"tag:yaml.org,2002:{name}": Kind(kind) for name, kind in (("str", "text"), ("bool", "boolean"), ("null", "null"), ("int", "number"), ("float", "number"))
}


class _Open:
    """A list or mapping whose end is not read yet."""

    __slots__ = ("anchor", "column", "entries", "is_map", "items", "key", "keys", "line", "size")

    def __init__(self, line: int, column: int, anchor: str | None, *, is_map: bool) -> None:
        self.line, self.column, self.anchor, self.is_map = line, column, anchor, is_map
        self.items: list[Node] = []
        self.entries: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        self.key: Scalar | None = None
        self.size = 1

    def close(self) -> Node:
        if self.is_map:
            return Mapping(entries=self.entries, keys=self.keys, line=self.line, column=self.column)
        return Sequence(items=tuple(self.items), line=self.line, column=self.column)


class _Reader:
    """Makes nodes of events."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._aliases = 0

    def document(self, events: Iterator[Event]) -> Node:
        """Give the only document of a stream."""
        from ruamel.yaml import events as kinds  # noqa: PLC0415

        root: Node | None = None
        stack: list[_Open] = []
        for event in events:
            mark = event.start_mark
            line, column = mark.line + 1, mark.column + 1
            match event:
                case kinds.MappingStartEvent() | kinds.SequenceStartEvent():
                    self._tag(event.tag, line, column)
                    if len(stack) == DEEPEST:
                        raise self._refused(f"nested more than {DEEPEST} levels deep", line, column)
                    stack.append(_Open(line, column, event.anchor, is_map=isinstance(event, kinds.MappingStartEvent)))
                    continue
                case kinds.MappingEndEvent() | kinds.SequenceEndEvent():
                    done = stack.pop()
                    node, size, anchor = done.close(), done.size, done.anchor
                case kinds.ScalarEvent():
                    node, size, anchor = self._scalar(event, line, column), 1, event.anchor
                case kinds.AliasEvent():
                    node, size = self._alias(event.anchor, line, column)
                    anchor = None
                case kinds.DocumentStartEvent() if root is not None:
                    raise self._refused("a second document", line, column, help_="one file holds one document")
                case _:
                    continue
            if anchor is not None:
                self._anchors[anchor] = (node, size)
            if stack:
                self._add(stack[-1], node, size, line, column)
            else:
                root = node
        if root is None:
            raise self._refused("an empty file", 1, 1)
        return root

    def _add(self, parent: _Open, node: Node, size: int, line: int, column: int) -> None:
        parent.size += size
        if parent.size > LARGEST_WRITTEN_OUT:
            raise self._refused(f"more than {LARGEST_WRITTEN_OUT} nodes when its aliases are written out", line, column)
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            if not isinstance(node, Scalar):
                raise self._refused("a key that is no text", line, column)
            if node.text == "<<" and node.kind is Kind.TEXT:
                raise self._refused("a merge key (<<), which YAML 1.2 does not have and GitHub refuses", line, column, help_="write the keys out")
            if node.text in parent.keys:
                first = parent.keys[node.text].line
                raise self._refused(
                    f"the key {node.text[:60]!r} stands twice, first in line {first}", line, column, help_="keep one; readers disagree about which counts"
                )
            parent.key = node
        else:
            parent.entries[parent.key.text] = node
            parent.keys[parent.key.text] = parent.key
            parent.key = None

    def _scalar(self, event: ScalarEvent, line: int, column: int) -> Scalar:
        text = str(event.value)
        tag = self._tag(event.tag, line, column)
        kind = tag or (_kind(text) if event.implicit[0] and not event.style else Kind.TEXT)
        return Scalar(text=text, line=line, column=column, kind=kind, block=event.style in ("|", ">"))

    def _tag(self, tag: object, line: int, column: int) -> Kind | None:
        name = "" if tag is None else str(tag)
        if not name or name in ("!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            return None
        if name not in _TAGS:
            raise self._refused(f"the tag {name[:60]}, which is none of the core schema", line, column)
        return _TAGS[name]

    def _alias(self, anchor: str, line: int, column: int) -> tuple[Node, int]:
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise self._refused(f"more than {MOST_ALIASES} aliases", line, column)
        if anchor not in self._anchors:
            raise self._refused(f"the alias *{anchor[:60]} before its anchor ends", line, column)
        return self._anchors[anchor]

    def _refused(self, what: str, line: int, column: int, help_: str = "correct the line; YAML 1.2 is what is read") -> ManifestError:
        return ManifestError(f"not readable as YAML: {what}", path=self._path, line=line, column=column, help=help_)


def _kind(text: str) -> Kind:
    if _NULL.fullmatch(text):
        return Kind.NULL
    if _BOOLEAN.fullmatch(text):
        return Kind.BOOLEAN
    return Kind.NUMBER if _NUMBER.fullmatch(text) else Kind.TEXT
