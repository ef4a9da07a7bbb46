"""Does a text mention a symbol? In code or plain, alone or below its owner, in Python's spelling or in Rust's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from lockstep.dataclass import dataclass, field
from lockstep.pattern import pattern

_PARTS = pattern(r"::|[.#/]|\s+")
_GROUP = pattern(r"(?<![\w.:])((?:\w+(?:::|\.))+)\{([^{}]{1,2000})\}")
_CODE = pattern(r"(?<!`)(`{1,32})(?!`)(?P<code>.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_WORD = pattern(r"\w+")
_DISTINCT = pattern(r"[A-Za-z]+[0-9_]|_[A-Za-z]|[a-z][A-Z]|[A-Z][a-z]+[A-Z]|^[A-Z]")
"""A name that no English sentence uses by chance: an underscore, a digit, a capital inside or at the start."""

_KNOWN_AS = {
    "rust-version": pattern(r"\bMSRV\b|\bminimum (?:supported )?Rust\b|\bRust 1\.[0-9]+", re.IGNORECASE),
    "requires-python": pattern(r"\b(?:C?Python|Py) ?3\.[0-9]+|\bPython versions?\b", re.IGNORECASE),
}
"""What people call a floor that has a name of its own in the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchText:
    """A text that is searched for symbols: as it stands, and its code alone."""

    text: str
    code: str

    @classmethod
    def of(cls, text: str) -> SearchText:
        """Prepare a text: `Rank::{write,load}` names both."""
        spread = _GROUP.sub(_spread, text)
        return cls(text=spread, code=" ; ".join(_codes(spread)))


def _spread(found: re.Match[str]) -> str:
    return " ".join(found[1] + name.strip() for name in found[2].split(","))


def _codes(text: str) -> Iterator[str]:
    """Give what stands in backticks, and in fenced code."""
    fences = re.findall(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t>]*\1|\Z)", text, re.MULTILINE | re.DOTALL)
    yield from (body for _, body in fences)
    yield from (found["code"] for found in _CODE.finditer(re.sub(r"^[ \t>]*(?:`{3,}|~{3,}).*$", "", text, flags=re.MULTILINE)))


def symbol_parts(symbol: str) -> tuple[str, ...]:
    """Give the names of a symbol's path, from the package to the thing itself."""
    return tuple(part for part in _PARTS.split(symbol.removesuffix("()")) if part)


def mentions(text: SearchText, symbol: str) -> bool:
    """Say whether a text mentions a symbol.

    Below its owner it is named wherever that stands (`Rank.search`, `Rank::search`). Alone, a name that is an English word too must stand
    in code, and a member's must stand beside its owner.
    """
    path = symbol_parts(symbol)
    if not path:
        return False
    leaf, owner = path[-1], path[-2] if len(path) > 1 else ""
    if owner == "dependencies" and len(path) > 2:
        owner = path[-3]  # of an extra: people name the extra
    if (words := _KNOWN_AS.get(leaf)) is not None and words.search(text.text):
        return True
    if owner and _qualified(owner, leaf).search(text.text):
        return True
    distinct = _DISTINCT.search(leaf) is not None
    if not _alone(leaf).search(text.text if distinct else text.code):
        return False
    return distinct or len(path) <= 2 or _alone(owner).search(text.text) is not None


@lru_cache(maxsize=4096)
def _qualified(owner: str, leaf: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(owner)}(?:::|[.#]|\s){re.escape(leaf)}(?![\w-])")


@lru_cache(maxsize=4096)
def _alone(name: str) -> re.Pattern[str]:
    """Match a name alone, below a variable (`rind.melt`), or before what it holds (`Rind::melt`)."""
    plain, variable = r"(?<![\w:.-])", r"(?<![\w:.-])(?:[a-z_]\w*\.)+"
    return re.compile(rf"(?:{plain}|{variable}){re.escape(name)}(?![\w-]|\.\w|::\w)|(?<![\w-]){re.escape(name)}(?=::|\.\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIndex:
    """Texts that many symbols are looked for in: each word is indexed once, and only a text that has all words of a name is searched."""

    all: tuple[SearchText, ...] = ()
    words: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, texts: Iterable[SearchText]) -> TextIndex:
        """Index texts by their words."""
        given = tuple(texts)
        words: dict[str, set[int]] = {}
        for number, text in enumerate(given):
            for word in set(_WORD.findall(text.text)):
                words.setdefault(word, set()).add(number)
        return cls(all=given, words={word: frozenset(numbers) for word, numbers in words.items()})

    def mentions(self, symbol: str) -> bool:
        """Say whether one of the texts mentions a symbol."""
        return any(mentions(self.all[number], symbol) for number in self._near(symbol))

    def _near(self, symbol: str) -> Iterable[int]:
        """Give the texts that may mention a symbol. Before and after a name no word goes on, so its words are words of the text."""
        leaf = symbol_parts(symbol)[-1:]
        if not leaf or leaf[0] in _KNOWN_AS:
            return range(len(self.all))
        found = [self.words.get(word, frozenset()) for word in _WORD.findall(leaf[0])]
        return sorted(frozenset.intersection(*found)) if found else range(len(self.all))


NO_TEXTS = TextIndex()
