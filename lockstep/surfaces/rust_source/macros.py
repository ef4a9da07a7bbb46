"""`macro_rules!` expanded over token trees, within a budget.

Source: https://doc.rust-lang.org/reference/macros-by-example.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import TypeAlias

from lockstep.dataclass import dataclass, field
from lockstep.surfaces.rust_source.macro_fragments import FRAGMENTS
from lockstep.surfaces.rust_source.tokens import Group, Token, Tree, group, names, size, text_of, trees

LARGEST = 50_000
"""Tokens that one expansion may give."""


class OpaqueError(Exception):
    """The expansion cannot be known; the text says why."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    parts: tuple[_Part, ...]
    separator: Token | None
    operator: str
    names: tuple[str, ...]
    """The variables in it, each once."""


@dataclass(frozen=True, slots=True)
class _Nested:
    opening: str
    parts: tuple[_Part, ...]


_Part: TypeAlias = Token | _Fragment | _Variable | _Repeat | _Nested


@dataclass(frozen=True, slots=True)
class _Repeated:
    """What a variable inside of a repetition stands for, one entry for each turn."""

    turns: tuple[_Bound, ...]


@dataclass(frozen=True, slots=True)
class _RepeatedTrees:
    """The same where each turn is one tree, as in `$($rest:tt)*`: in what eats its arguments bit by bit that is most of them."""

    trees: tuple[Tree, ...]

    @property
    def turns(self) -> tuple[_Bound, ...]:
        """The entries."""
        return tuple((tree,) for tree in self.trees)


_Bound: TypeAlias = tuple[Tree, ...] | _Repeated | _RepeatedTrees


@dataclass(frozen=True, slots=True)
class Rule:
    """One arm: what it takes and what it gives."""

    matcher: tuple[_Part, ...]
    body: tuple[_Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MacroRules:
    """A macro by example."""

    name: str
    rules: tuple[Rule, ...]
    words: frozenset[str] = frozenset()
    """The names that it is written with."""
    by_first: dict[str | None, list[int]] = field(default_factory=dict, repr=False, compare=False)
    """The numbers of the arms by the token that they begin with, made when the first is asked for."""

    def expand(self, arguments: Sequence[Tree], crate: str = "crate") -> tuple[Tree, ...]:
        """Expand an invocation by the first arm that takes its arguments; `crate` stands for `$crate`.

        Raises: OpaqueError when no arm does, or the result is too large.
        """
        for rule in self._fitting(text_of(arguments[0]) if arguments else None):
            matched = _match(rule.matcher, arguments)
            if matched is not None:
                writer = _Writer(crate)
                _transcribe(rule.body, matched, writer)
                return tuple(writer.out)
        raise OpaqueError(f"no arm of {self.name}! takes these arguments")

    def _fitting(self, first: str | None) -> Iterator[Rule]:
        """Give the arms that may take arguments that begin so, in their order: those that begin with this very token, and with none that they name."""
        if not self.by_first:
            for number, rule in enumerate(self.rules):
                start = rule.matcher[0] if rule.matcher else None
                self.by_first.setdefault(start.text if isinstance(start, Token) else None, []).append(number)
        named = self.by_first.get(first, ()) if first is not None else ()
        return map(self.rules.__getitem__, merge(named, self.by_first.get(None, ())))


def read(name: str, text: str) -> MacroRules:
    """Read a definition from the text between its outer braces: `(matcher) => { body }; ...`."""
    return read_trees(name, trees(text))


def read_trees(name: str, parts: Sequence[Tree]) -> MacroRules:
    """Read a definition from its trees."""
    rules = []
    groups = [part for part in parts if isinstance(part, Group)]
    for matcher, body in zip(groups[::2], groups[1::2], strict=False):
        rules.append(Rule(_pattern(matcher.trees, matching=True), _pattern(body.trees, matching=False)))
    return MacroRules(name=name, rules=tuple(rules), words=frozenset(names(parts)))


def _pattern(parts: Sequence[Tree], *, matching: bool) -> tuple[_Part, ...]:
    found: list[_Part] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        following = parts[index + 1] if index + 1 < len(parts) else None
        if isinstance(part, Group):
            found.append(_Nested(part.opening, _pattern(part.trees, matching=matching)))
            index += 1
        elif part.text != "$" or following is None:
            found.append(part)
            index += 1
        elif isinstance(following, Group):
            separator, operator, index = _operator(parts, index + 2)
            inner = _pattern(following.trees, matching=matching)
            found.append(_Repeat(inner, separator, operator, tuple(dict.fromkeys(_names(inner)))))
        elif matching and index + 3 < len(parts) and text_of(parts[index + 2]) == ":":
            found.append(_Fragment(following.text, text_of(parts[index + 3])))
            index += 4
        else:
            found.append(_Variable(following.text))
            index += 2
    return tuple(found)


def _operator(parts: Sequence[Tree], index: int) -> tuple[Token | None, str, int]:
    """Give separator and operator of a repetition, and the index behind them."""
    first, second = (parts[one] if one < len(parts) else None for one in (index, index + 1))
    if isinstance(first, Token) and first.text in ("*", "+", "?") and not (isinstance(second, Token) and second.text in ("*", "+") and first.joint):
        return None, first.text, index + 1
    if isinstance(first, Token) and isinstance(second, Token) and second.text in ("*", "+", "?"):
        return first, second.text, index + 2
    return None, "*", index


# ---- matching


def _match(pattern: Sequence[_Part], parts: Sequence[Tree]) -> dict[str, _Bound] | None:
    """Bind the variables of a pattern that takes all of `parts`."""
    bound: dict[str, _Bound] = {}
    end = _take(pattern, parts, 0, bound)
    return bound if end == len(parts) else None


def _take(pattern: Sequence[_Part], parts: Sequence[Tree], index: int, bound: dict[str, _Bound]) -> int | None:
    for part in pattern:
        position: int | None
        match part:
            case Token(text=text):
                position = index + 1 if index < len(parts) and text_of(parts[index]) == text else None
            case _Nested(opening=opening, parts=inner):
                position = _take_nested(opening, inner, parts, index, bound)
            case _Fragment(name=name, kind=kind):
                position = _fragment(kind, parts, index)
                if position is not None:
                    bound[name] = tuple(parts[index:position])
            case _Repeat():
                position = _take_repeat(part, parts, index, bound)
            case _Variable():
                position = None
        if position is None:
            return None
        index = position
    return index


def _take_nested(opening: str, inner: Sequence[_Part], parts: Sequence[Tree], index: int, bound: dict[str, _Bound]) -> int | None:
    group = parts[index] if index < len(parts) else None
    if not isinstance(group, Group) or group.opening != opening:
        return None
    return index + 1 if _take(inner, group.trees, 0, bound) == len(group.trees) else None


def _take_repeat(repeat: _Repeat, parts: Sequence[Tree], index: int, bound: dict[str, _Bound]) -> int | None:
    if (
        isinstance(one := repeat.parts[0] if len(repeat.parts) == 1 else None, _Fragment)
        and one.kind == "tt"
        and (repeat.separator, repeat.operator) == (None, "*")
    ):
        bound[one.name] = _RepeatedTrees(tuple(parts[index:]))
        return len(parts)
    turns: list[dict[str, _Bound]] = []
    while index < len(parts) or not turns:
        start = index
        if turns and repeat.separator is not None:
            if start >= len(parts) or text_of(parts[start]) != repeat.separator.text:
                break
            start += 1
        turn: dict[str, _Bound] = {}
        end = _take(repeat.parts, parts, start, turn)
        if end is None or end == start:
            break
        turns.append(turn)
        index = end
        if repeat.operator == "?":
            break
    if repeat.operator == "+" and not turns:
        return None
    for name in repeat.names:
        bound[name] = _Repeated(tuple(turn[name] for turn in turns if name in turn))
    return index


def _names(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        match part:
            case _Fragment(name=name) | _Variable(name=name):
                yield name
            case _Repeat(parts=inner) | _Nested(parts=inner):
                yield from _names(inner)
            case Token():
                pass


def _fragment(kind: str, parts: Sequence[Tree], index: int) -> int | None:
    take = FRAGMENTS.get(kind)
    if take is None:
        raise OpaqueError(f"a fragment of kind {kind!r} is not known")
    if index >= len(parts):
        return index if kind == "vis" else None
    return take(parts, index)


# ---- transcription


class _Writer:
    """Where an expansion goes; counts against the budget."""

    def __init__(self, crate: str, left: int = LARGEST) -> None:
        self.out: list[Tree] = []
        self.crate = crate
        self.left = left

    def put(self, parts: Sequence[Tree]) -> None:
        self.spend(size(parts))
        self.out.extend(parts)

    def put_one(self, token: Token) -> None:
        self.spend(1)
        self.out.append(token)

    def spend(self, tokens: int) -> None:
        self.left -= tokens
        if self.left < 0:
            raise OpaqueError("the expansion is too large")


def _transcribe(parts: Sequence[_Part], bound: dict[str, _Bound], writer: _Writer) -> None:
    for part in parts:
        match part:
            case Token():
                writer.put_one(part)
            case _Nested(opening=opening, parts=inner):
                nested = _Writer(writer.crate, writer.left)
                _transcribe(inner, bound, nested)
                writer.left = nested.left
                writer.out.append(group(opening, nested.out))
            case _Variable(name="crate"):
                writer.put_one(Token(writer.crate))
            case _Variable(name=name) | _Fragment(name=name):
                _put_variable(name, bound, writer)
            case _Repeat():
                _repeat(part, bound, writer)


def _put_variable(name: str, bound: dict[str, _Bound], writer: _Writer) -> None:
    value = bound.get(name)
    if value is None:  # not a variable of ours: the body may define a macro
        writer.put([Token("$", joint=True), Token(name)])
    elif isinstance(value, _Repeated | _RepeatedTrees):
        raise OpaqueError(f"${name} repeats, and is used outside of a repetition")
    else:
        writer.put(_parted(value))


def _parted(value: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Give what a variable holds: what stood behind it in the invocation does not stand behind it here."""
    last = value[-1] if value else None
    return (*value[:-1], Token(last.text)) if isinstance(last, Token) and last.joint else value


def _repeat(repeat: _Repeat, bound: dict[str, _Bound], writer: _Writer) -> None:
    series = {name: value for name in repeat.names if isinstance(value := bound.get(name), _Repeated | _RepeatedTrees)}
    if not series:
        raise OpaqueError("a repetition without a variable that repeats")
    if len({len(value.trees if isinstance(value, _RepeatedTrees) else value.turns) for value in series.values()}) != 1:
        raise OpaqueError("variables of one repetition repeat differently often")
    if len(repeat.parts) == 1 and isinstance(repeat.parts[0], _Variable) and repeat.separator is None:
        (only,) = series.values()
        if isinstance(only, _RepeatedTrees):
            writer.put([Token(part.text) if isinstance(part, Token) and part.joint else part for part in only.trees])
            return
        if all(isinstance(one, tuple) for one in only.turns):
            writer.put([part for one in only.turns if isinstance(one, tuple) for part in _parted(one)])
            return
    for number, turn in enumerate(zip(*(value.turns for value in series.values()), strict=True)):
        if number and repeat.separator is not None:
            writer.put_one(repeat.separator)
        _transcribe(repeat.parts, bound | dict(zip(series, turn, strict=True)), writer)
