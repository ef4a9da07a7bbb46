"""Configured names and globs of packages, found by the text that they begin with: of many, few are held against a package."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from lockstep.config import matches_package

_WILD = re.compile(r"[*?\[{]")


def _head(pattern: str) -> str:
    """Give what every name begins with that a pattern means."""
    wanted, _, rest = pattern.partition(":")
    return _WILD.split(rest or wanted, maxsplit=1)[0]


class PackagePatterns:
    """Names and globs in their order."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._headed: dict[str, list[tuple[int, str]]] = {}
        seen = set[str]()
        for number, pattern in enumerate(patterns):
            if pattern not in seen:
                seen.add(pattern)
                self._headed.setdefault(_head(pattern), []).append((number, pattern))
        self._lengths = sorted(set(map(len, self._headed)))

    def first(self, ecosystem: str, name: str) -> int | None:
        """Give the number of the first that means a package."""
        found = None
        for length in self._lengths:
            for number, pattern in self._headed.get(name[:length], ()) if length <= len(name) else ():
                if found is not None and number > found:
                    break
                if matches_package(pattern, ecosystem, name):
                    found = number
                    break
        return found


class PackageNames:
    """The packages of a repository, each by its ecosystem and its name."""

    def __init__(self, packages: Iterable[tuple[str, str]]) -> None:
        self._names = sorted({(name, ecosystem) for ecosystem, name in packages})

    def has(self, pattern: str) -> bool:
        """Say whether a configured name or glob means one of them."""
        head = _head(pattern)
        for place in range(bisect_left(self._names, (head, "")), len(self._names)):
            name, ecosystem = self._names[place]
            if not name.startswith(head):
                return False
            if matches_package(pattern, ecosystem, name):
                return True
        return False
