"""What was made of texts, kept for who reads the same text again, and dropped by its size: a hundred large files take what ten thousand small ones do."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class SizedCache(Generic[Made]):
    """Calls `make` for a text that is not kept; of what it makes, the last `most` units stay, as `size` counts them in a text and what was made of it."""

    def __init__(self, make: Callable[[str], Made], size: Callable[[str, Made], int], most: int) -> None:
        self._make, self._size, self._most = make, size, most
        self._kept: OrderedDict[str, tuple[Made, int]] = OrderedDict()
        self._total = 0

    def __call__(self, text: str) -> Made:
        """Give what is made of a text; raises what `make` does, each time anew."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known[0]
        made = self._make(text)
        size = self._size(text, made)
        self._kept[text] = made, size
        self._total += size
        while self._total > self._most:
            self._total -= self._kept.popitem(last=False)[1][1]
        return made

    def cache_clear(self) -> None:
        """Drop everything, as the caches of functools do."""
        self._kept.clear()
        self._total = 0
