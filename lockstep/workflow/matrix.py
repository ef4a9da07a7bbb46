"""The values that a job's matrix has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import Node, Scalar, Sequence, texts


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


MOST_CELLS = 256
"""Jobs that a matrix makes at most. Source: https://docs.github.com/en/actions/reference/limits"""
Cell = Mapping[str, str]
"""The values of one job of a matrix, by their whole names: `matrix.platform.target`."""


def cells(node: Node | None) -> tuple[Cell, ...] | None:
    """Give the jobs that a matrix makes; one without values where there is no matrix, None where an expression decides.

    Source: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
    """
    if node is None:
        return ({},)
    if not isinstance(node, Map):
        return None
    axes: list[list[tuple[str, Node]]] = []
    for key, values in node.items():
        if key.text not in ("include", "exclude"):
            if not isinstance(values, Sequence):
                return None
            axes.append([(key.text, one) for one in values.items])
    out, include = _entries(node.get("exclude")), _entries(node.get("include"))
    if out is None or include is None or prod(map(len, axes)) > MOST_CELLS:
        return None
    made = [_flat(dict(one)) for one in product(*axes)] if axes else []
    made = [cell for cell in made if not any(without.items() <= cell.items() for without in out)]
    grown, added = [dict(one) for one in made], []
    for more in include:
        fits = [number for number, cell in enumerate(made) if all(more[key] == cell[key] for key in more.keys() & cell.keys())]
        for number in fits:
            grown[number] |= more
        if not fits:
            added.append(more)
    found = (*grown, *added)
    return None if len(found) > MOST_CELLS or any("${{" in value for cell in found for value in cell.values()) else found


def _entries(node: Node | None) -> list[dict[str, str]] | None:
    if node is None:
        return []
    if not isinstance(node, Sequence) or not all(isinstance(one, Map) for one in node.items):
        return None
    return [_flat({key.text: value for key, value in one.items()}) for one in node.items if isinstance(one, Map)]


def _flat(values: dict[str, Node], above: str = "matrix") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, node in values.items():
        name = f"{above}.{key}".lower()
        if isinstance(node, Scalar):
            found[name] = node.text
        elif isinstance(node, Map):
            found |= _flat({inner.text: value for inner, value in node.items()}, name)
    return found


def filled(text: str, cell: Cell) -> str | None:
    """Put a cell's values into a text; None where another expression stands in it."""
    known = re.sub(r"\$\{\{\s*(matrix\.[\w.-]+)\s*\}\}", lambda found: cell.get(found[1].lower(), ""), text)
    return None if "${{" in known else known
