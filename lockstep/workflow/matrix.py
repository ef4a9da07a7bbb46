"""The values that a job's matrix has."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Node, Sequence, texts


def possible_values(node: Node | None, keys: tuple[str, ...]) -> Iterator[str]:
    """Give the values that a matrix has under keys."""
    if not isinstance(node, Map):
        return
    rows: list[Node] = []
    for source in (node.get(keys[0]), node.get("include")):
        if isinstance(source, Sequence):
            rows += [
                item if source is node.get(keys[0]) else inner for item in source.items for inner in _inner(item, keys[0], whole=source is node.get(keys[0]))
            ]
    for row in rows:
        value: Node | None = row
        for key in keys[1:]:
            value = value.get(key) if isinstance(value, Map) else None
        yield from (one.text for one in texts(value))


def _inner(item: Node, key: str, *, whole: bool) -> Iterator[Node]:
    if whole:
        yield item
    elif isinstance(item, Map) and (found := item.get(key)) is not None:
        yield found
