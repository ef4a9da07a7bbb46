"""What macro calls come to, found once for all crates and both moments that have them.

A macro that eats its items one by one calls itself with all the others, again and again: each of these calls is one here, too, and who comes by
the same way finds it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeAlias

from lockstep.surfaces.rust_source.macros import MacroRules, OpaqueError
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, size, text_of, unraw, write

MOST_TOKENS = 4_000_000
"""Tokens of the expansions that are kept; the oldest go when there are more."""

Following: TypeAlias = tuple[tuple[str, ...], tuple[Tree, ...]]
"""The path of a macro, and the arguments that it is called with."""


class Expansion:
    """What one call expands to: `trees`, of which `following` is the call that it ends in, where it ends in one, and `rest` is all before that.

    `size` and `left` are the tokens of all, and of the arguments of that last call.
    """

    __slots__ = ("_texts", "_whole", "following", "left", "size", "trees")

    def __init__(self, trees: tuple[Tree, ...]) -> None:
        self.trees = trees
        self.size = size(trees)
        self._whole, self.following = _last_call(trees)
        self.left = 0 if self.following is None else size(self.following[1])
        self._texts: dict[int, str] = {}

    @property
    def rest(self) -> tuple[Tree, ...]:
        """What stands before the call that it ends in; all of it, where it ends in none."""
        return self.trees[: self._whole]

    @property
    def is_call(self) -> bool:
        """Say whether it is one call and nothing else."""
        return not self._whole and self.following is not None

    def written(self, *, whole: bool) -> str:
        """Give its text, with or without the call that it ends in."""
        end = len(self.trees) if whole else self._whole
        if end not in self._texts:
            self._texts[end] = write(self.trees[:end])
        return self._texts[end]


def _last_call(found: tuple[Tree, ...]) -> tuple[int, Following | None]:
    """Find the macro call that an expansion ends in as an item of its own: give how many trees are before it, and the call."""
    end = len(found)
    if end and isinstance(last := found[-1], Token) and last.text == ";":
        end -= 1
    if end < 3 or not isinstance(arguments := found[end - 1], Group) or text_of(found[end - 2]) != "!" or not isinstance(name := found[end - 3], Token):
        return len(found), None
    path: tuple[str, ...]
    if end >= 5 and text_of(found[end - 4]) == "::" and text_of(found[end - 5]) == "crate":
        path, end = ("crate", unraw(name.text)), end - 5
    elif name.is_name:
        path, end = (unraw(name.text),), end - 3
    else:
        return len(found), None
    if end and not (text_of(before := found[end - 1]) == ";" or (isinstance(before, Group) and before.opening == "{")):
        return len(found), None  # an attribute is before it, or it is a part of what is
    return end, (path, arguments.trees)


_KEPT: OrderedDict[tuple[int, int, str], tuple[object, object, Expansion | str]] = OrderedDict()
"""By the identity of a macro's arms and of its arguments, which are kept here so that nothing else ever has it."""


class _Total:
    tokens = 0


def expand(rules: MacroRules, arguments: tuple[Tree, ...], crate: str) -> Expansion:
    """Expand a call.

    Raises: OpaqueError as `MacroRules.expand` does.
    """
    key = (id(rules.rules), id(arguments), crate)
    known = _KEPT.get(key)
    if known is None:
        found: Expansion | str
        try:
            found = Expansion(rules.expand(arguments, crate))
        except OpaqueError as error:
            found = str(error)
        known = _KEPT[key] = (rules.rules, arguments, found)
        _Total.tokens += _cost(found)
        while _Total.tokens > MOST_TOKENS and len(_KEPT) > 1:
            _Total.tokens -= _cost(_KEPT.popitem(last=False)[1][2])
    if isinstance(known[2], str):
        raise OpaqueError(known[2])
    return known[2]


def _cost(found: Expansion | str) -> int:
    return 1 if isinstance(found, str) else 1 + found.size
