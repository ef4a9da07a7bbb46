"""What needs what, put into an order; a circle has none.

Source: https://docs.python.org/3/library/graphlib.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from graphlib import CycleError, TopologicalSorter

Needs = Mapping[str, AbstractSet[str]]
"""What each name needs; what is no name of the graph counts as there."""


def circle_in(needs: Needs) -> tuple[str, ...] | None:
    """Give names of which each needs the next, and the last one the first; None where there is no such circle."""
    try:
        _sorter(needs).prepare()
    except CycleError as error:
        backwards: list[str] = error.args[1][:-1]
        first = backwards.index(min(backwards, key=list(needs).index))
        return tuple(reversed(backwards[first + 1 :] + backwards[: first + 1]))
    return None


def rounds(needs: Needs) -> Iterator[tuple[str, ...]]:
    """Give the names in rounds, each after all that it needs, sorted.

    Raises: ValueError when there is a circle.
    """
    sorter = _sorter(needs)
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        yield tuple(sorted(ready))
        sorter.done(*ready)


def _sorter(needs: Needs) -> TopologicalSorter[str]:
    return TopologicalSorter({name: sorted(wanted & needs.keys()) for name, wanted in needs.items()})
