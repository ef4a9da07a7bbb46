"""The structure of a script: its conditions, its chains of `&&` and `||`, and which of them end it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lockstep.dataclass import dataclass
from lockstep.workflow.shell import Command


@dataclass(frozen=True, slots=True)
class If:
    """A condition: what it tests, and its two branches."""

    test: tuple[Command, ...]
    then: tuple[Part, ...]
    other: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Commands and groups, with the `&&` or `||` between them."""

    commands: tuple[Command | tuple[Part, ...], ...]
    operators: tuple[str, ...]


Part = If | Chain
DEEPEST = 100
"""Blocks in blocks; what is deeper is passed over: which way it goes is not known."""
_CLOSING = {"if": "fi", "{": "}"}
_STOPS = frozenset({"false", "die", "fail", "abort"})


def parse_script(given: Sequence[Command]) -> tuple[Part, ...]:
    """Give the parts of a script by its `statements`."""
    tokens: list[str | Command] = []
    for one in given:
        tokens += one.reserved
        if one.words or one.assigns or one.after in ("&&", "||"):
            tokens.append(one)
    return tuple(_Parser(tokens).block(()))


class _Parser:
    def __init__(self, tokens: list[str | Command]) -> None:
        self._tokens, self._at = tokens, 0
        self._depth = 0

    def _peek(self) -> str | Command | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def block(self, stops: tuple[str, ...]) -> Iterator[Part]:
        while (word := self._peek()) is not None:
            if isinstance(word, str):
                if word in stops:
                    return
                self._at += 1
                if word == "if":
                    yield self._if()
                elif word == "{":
                    yield self._chain(self._group())
                elif word == "!":
                    self._at -= 1
                    yield self._chain(None)
            elif word.words[:1] == ("case",):
                self._case()
            else:
                yield self._chain(None)

    def _pass_over(self, opening: str) -> None:
        """Pass over a block whose first word is read."""
        depth = 1
        while depth and (word := self._peek()) is not None:
            self._at += 1
            depth += (word == opening) - (word == _CLOSING[opening])

    def _if(self) -> If:
        if self._depth >= DEEPEST:
            self._pass_over("if")
            return If((), (), ())
        self._depth += 1
        found = self._branches()
        self._depth -= 1
        return found

    def _branches(self) -> If:
        test = self._test()
        then = tuple(self.block(("elif", "else", "fi")))
        word = self._peek()
        self._at += word is not None
        if word == "elif":
            return If(test, then, (self._if(),))
        other = tuple(self.block(("fi",))) if word == "else" else ()
        self._at += word == "else" and self._peek() is not None
        return If(test, then, other)

    def _test(self) -> tuple[Command, ...]:
        found: list[Command] = []
        negated = False
        while (word := self._peek()) is not None and word != "then":
            self._at += 1
            if isinstance(word, Command):
                found.append(_negated(word) if negated else word)
                negated = False
            elif word == "!":
                negated = not negated
        self._at += self._peek() is not None
        return tuple(found)

    def _group(self) -> tuple[Part, ...]:
        if self._depth >= DEEPEST:
            self._pass_over("{")
            return (If((), (), ()),)
        self._depth += 1
        inner = tuple(self.block(("}",)))
        self._depth -= 1
        self._at += self._peek() is not None
        return inner

    def _chain(self, first: tuple[Part, ...] | None) -> Chain:
        commands: list[Command | tuple[Part, ...]] = [first] if first is not None else []
        operators: list[str] = []
        negated = False
        while (word := self._peek()) is not None:
            if word == "!":
                negated, self._at = not negated, self._at + 1
                continue
            if word == "{":
                self._at += 1
                commands.append(self._group())
                break
            if isinstance(word, str):
                break
            self._at += 1
            commands.append(_negated(word) if negated else word)
            negated = False
            if word.after not in ("&&", "||"):
                break
            operators.append(word.after)
        return Chain(tuple(commands), tuple(operators))

    def _case(self) -> None:
        """Pass over the branches of a case: which one is taken is not known."""
        depth = 0
        while (word := self._peek()) is not None:
            self._at += 1
            depth += isinstance(word, Command) and word.words[:1] == ("case",)
            depth -= word == "esac"
            if depth == 0:
                return


def _negated(one: Command) -> Command:
    return Command(words=("!", *one.words), line=one.line, assigns=one.assigns, after=one.after)


def joined(results: Sequence[bool | None], operators: Sequence[str]) -> bool | None:
    """Give what a chain answers: true, false, or None where that is not known."""
    value = results[0] if results else None
    for operator, following in zip(operators, results[1:], strict=False):
        if operator == "&&":
            value = False if value is False or following is False else None if value is None or following is None else True
        else:
            value = True if value is True or following is True else None if value is None or following is None else False
    return value


def always_fails(parts: Sequence[Part]) -> bool:
    """Say whether a block ends with failure by its own decision."""
    for part in parts:
        if isinstance(part, Chain) and len(part.commands) == 1:
            one = part.commands[0]
            if isinstance(one, Command) and is_failure(one):
                return True
    return False


def is_failure(one: Command) -> bool:
    """Say whether a command can do nothing but fail."""
    return exits_with_failure(one) or one.words[:1] in {(name,) for name in _STOPS}


def exits_with_failure(one: Command) -> bool:
    """Say whether a command ends the script with failure."""
    return one.words[:1] in (("exit",), ("return",)) and one.words[1:2] != ("0",) and len(one.words) > 1
