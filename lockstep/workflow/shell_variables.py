"""The variables of a shell script whose values are known, put into its words.

A few lines double a value again and again, and a long value may be used a thousand times: all that is put in counts, and when it is too much,
words stay as they are written, as those of unknown variables do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lockstep.pattern import pattern

LARGEST = 2**20
"""Characters and words that are put in for variables in one script."""
QUOTED = "\0"
"""Stands before a word that was quoted until its variables are put in: the shell splits only the others at blanks."""

_WHOLE_ARRAY = pattern(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\[[@*]\]\}")
_VARIABLE = pattern(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")


class Variables:
    """What is known of them at a line of a script."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = dict(known)
        self._arrays: dict[str, list[str]] = {}
        self._left = LARGEST

    def assign(self, name: str, value: str) -> None:
        """Give a variable a value, in which others may stand."""
        self._known[name] = self._expand(value)

    def extend(self, name: str, words: Iterable[str]) -> None:
        """Add words to an array."""
        self._arrays.setdefault(name, []).extend(words)

    def put_into(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Put what is known into the words of a command; what is not quoted is split at blanks."""
        out: list[str] = []
        for word in words:
            whole = _WHOLE_ARRAY.fullmatch(word.removeprefix(QUOTED)) if self._arrays else None
            if whole is not None and whole[1] in self._arrays and self._spend(len(self._arrays[whole[1]])):
                for one in self._arrays[whole[1]]:
                    out += self._split(one)
            else:
                out += self._split(word)
        return tuple(out)

    def _split(self, word: str) -> list[str]:
        whole = self._expand(word)
        return [whole.removeprefix(QUOTED)] if word == whole or word.startswith(QUOTED) else whole.split()

    def _expand(self, word: str) -> str:
        if "$" not in word:
            return word
        size = sum(len(self._known.get(found[1] or found[2], "")) for found in _VARIABLE.finditer(word))
        return _VARIABLE.sub(lambda found: self._known.get(found[1] or found[2], found[0]), word) if self._spend(size) else word

    def _spend(self, size: int) -> bool:
        """Say whether so much can still be put in; after the first that cannot, nothing is."""
        self._left -= size if size <= self._left else self._left + 1
        return self._left >= 0
