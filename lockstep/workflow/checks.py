"""What the checks of a script decide: tried in a good world and in a bad one.

In the good world every digest is the same, the commit is the head of its branch and each count of runs is one or more; in the bad world digests of
different files differ, the head is elsewhere and the count is 0. A check must let the good world pass and stop the bad one. What depends on anything
else is not known, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from lockstep.dataclass import dataclass
from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.command_roles import ASKS_HEAD, ASKS_RUNS
from lockstep.workflow.shell import QUOTED, Command, statements


class Kind(StrEnum):
    """What a check is about."""

    DIGEST = "the bytes"
    HEAD = "the head of the branch"
    COUNT = "the number of runs"
    SAME = "a thing and itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that can fail the step. `stops_good` and `stops_bad` say in which world it does."""

    kind: Kind
    line: int
    stops_good: bool
    stops_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a guard says of a tag: the outputs that it sets, and whether it stops the job; None where that is not known."""

    outputs: Mapping[str, str | None]
    stops: bool | None


@dataclass(frozen=True, slots=True)
class _If:
    test: tuple[Command, ...]
    then: tuple[_Part, ...]
    other: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Chain:
    commands: tuple[Command | tuple[_Part, ...], ...]
    operators: tuple[str, ...]


_Part = _If | _Chain

_STOPS = frozenset({"false", "die", "fail", "abort"})
_DIGEST = pattern(r"^\$\(\s*(?:sha[0-9]*sum|shasum|md5sum|b2sum|openssl)\s(.*)\)$", re.DOTALL)
_COUNTS = pattern(r"\blength\b|total_count|wc -l|grep -c")
_FAILURES = pattern(r"fail|cancel|!= ?\\?\"?success", re.IGNORECASE)
_VARIABLE = pattern(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::?-[^}]*)?\}|([A-Za-z_][A-Za-z0-9_]*))")
_EXPRESSION = pattern(r"\$\{\{\s*(.*?)\s*\}\}")
_COMMIT = pattern(r"^github\.sha$|^github\.event\.after$")
_OUTPUT = pattern(r"([A-Za-z_][A-Za-z0-9_-]*)=(.*)", re.DOTALL)
_GOOD_COUNTS = ("1", "1000")


def checks(script: str, env: Mapping[str, Scalar]) -> tuple[Check, ...]:
    """Give the checks of a script that are about digests, heads and counts of runs."""
    given = statements(script)
    values = _Values(env)
    found = list(_found(_parsed(given), values))
    asked = {name: line for name, (kind, line) in values.asked.items() if kind in (Kind.HEAD, Kind.COUNT)}
    for name, line in asked.items():
        used = [one for one in given if any(re.search(rf"\$\{{?{name}\b", word) for word in (*one.words, *(value for _, value in one.assigns)))]
        elsewhere = not used and re.search(rf"\$\{{?{name}\b|\b{name}\b.*environ", script)  # in a text that another program reads
        if not elsewhere and all(one.words[:1] in (("echo",), ("printf",)) and ">>" not in one.words for one in used):
            found.append(Check(kind=values.asked[name][0], line=line, stops_good=False, stops_bad=False))
    return tuple(found)


def answer(script: str, takes: Mapping[int, bool]) -> Answer:
    """Give what a guard says of a tag; `takes` has the lines of its patterns, and whether each takes the tag."""
    outputs: dict[str, str | None] = {}
    stops = _answered(_parsed(statements(script)), takes, outputs, sure=True)
    return Answer(outputs=outputs, stops=stops)


# ---- the structure of a script


def _parsed(given: Sequence[Command]) -> tuple[_Part, ...]:
    tokens: list[str | Command] = []
    for one in given:
        tokens += one.reserved
        if one.words or one.assigns or one.after in ("&&", "||"):
            tokens.append(one)
    return tuple(_Parser(tokens).block(()))


class _Parser:
    def __init__(self, tokens: list[str | Command]) -> None:
        self._tokens, self._at = tokens, 0

    def _peek(self) -> str | Command | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def block(self, stops: tuple[str, ...]) -> Iterator[_Part]:
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

    def _if(self) -> _If:
        test = self._test()
        then = tuple(self.block(("elif", "else", "fi")))
        word = self._peek()
        self._at += word is not None
        if word == "elif":
            return _If(test, then, (self._if(),))
        other = tuple(self.block(("fi",))) if word == "else" else ()
        self._at += word == "else" and self._peek() is not None
        return _If(test, then, other)

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

    def _group(self) -> tuple[_Part, ...]:
        inner = tuple(self.block(("}",)))
        self._at += self._peek() is not None
        return inner

    def _chain(self, first: tuple[_Part, ...] | None) -> _Chain:
        commands: list[Command | tuple[_Part, ...]] = [first] if first is not None else []
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
        return _Chain(tuple(commands), tuple(operators))

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


# ---- what is known of variables


class _Values:
    """The values of variables in both worlds, as far as the script was read."""

    def __init__(self, env: Mapping[str, Scalar]) -> None:
        self.good: dict[str, str | None] = {"GITHUB_SHA": "commit"}
        self.bad: dict[str, str | None] = {"GITHUB_SHA": "commit"}
        self.kinds: dict[str, Kind] = {"GITHUB_SHA": Kind.HEAD}
        self.asked: dict[str, tuple[Kind, int]] = {}
        for name, scalar in env.items():
            found = _EXPRESSION.fullmatch(scalar.text.strip())
            sha = found is not None and _COMMIT.search(found[1].lower()) is not None
            self._set(name, "commit" if sha else None if "${{" in scalar.text else scalar.text, kind=Kind.HEAD if sha else None)

    def _set(self, name: str, good: str | None, bad: str | None = None, kind: Kind | None = None) -> None:
        self.good[name], self.bad[name] = good, good if bad is None else bad
        self.kinds.pop(name, None)
        if kind is not None:
            self.kinds[name] = kind

    def assign(self, name: str, text: str, line: int) -> None:
        body = text.strip().removeprefix(QUOTED).strip('"')
        if (found := _DIGEST.match(body)) is not None:
            file = self.text(found[1].partition("|")[0].strip(), self.bad, literal=True) or found[1]
            self._set(name, "digest", "digest of " + re.sub(r"[$`\"]", "", file), Kind.DIGEST)
        elif body.startswith("$(") and ASKS_RUNS.search(body) and _COUNTS.search(body) and "success" in body and not _FAILURES.search(body):
            self._set(name, "+", "0", Kind.COUNT)
            self.asked[name] = (Kind.COUNT, line)
        elif body.startswith("$(") and ASKS_HEAD.search(body) and not ASKS_RUNS.search(body):
            self._set(name, "commit", "another", Kind.HEAD)
            self.asked[name] = (Kind.HEAD, line)
        elif "$(" in body or "`" in body:
            self._set(name, None)
        else:
            self._set(name, self.text(body, self.good), self.text(body, self.bad))
            if _VARIABLE.fullmatch(body) and (kind := self.kinds.get(_names(body)[0])) is not None:
                self.kinds[name] = kind

    def text(self, word: str, world: Mapping[str, str | None], *, literal: bool = False) -> str | None:
        """Put what is known into a word; None where something is not. A `literal` text keeps what is not known as it is written."""
        unknown = False

        def put(found: re.Match[str]) -> str:
            nonlocal unknown
            value = world.get(found[1] or found[2])
            unknown = unknown or value is None
            return found[0] if value is None else value

        plain = _EXPRESSION.sub(lambda found: "commit" if _COMMIT.search(found[1].lower()) else "\1", word.replace(QUOTED, ""))
        whole = _VARIABLE.sub(put, plain)
        return whole if literal or not (unknown or "\1" in whole or "$" in whole or "`" in whole) else None


def _names(word: str) -> list[str]:
    return [found[1] or found[2] for found in _VARIABLE.finditer(word)]


# ---- tests


def _tested(words: tuple[str, ...], values: _Values, world: Mapping[str, str | None], count: str) -> bool | None:
    """Give what a command answers: true, false, or None where that is not known."""
    if words[:1] == ("!",):
        inner = _tested(words[1:], values, world, count)
        return None if inner is None else not inner
    if words in (("true",), (":",)):
        return True
    if words == ("false",):
        return False
    body = _body(words)
    if body is None:
        return None
    negated = body[:1] == ("!",)
    body = body[negated:]
    if len(body) != 3:
        return None
    if body[0] == body[2] and "$" in body[0]:
        left: str | None = "same"
        right: str | None = "same"
    else:
        left, right = (_number(values.text(word, world), count) for word in (body[0], body[2]))
    answer_ = _compared(left, body[1], right)
    return None if answer_ is None else answer_ is not negated


def _number(text: str | None, count: str) -> str | None:
    return count if text == "+" else text


def _body(words: tuple[str, ...]) -> tuple[str, ...] | None:
    match words:
        case ("[", *inner, "]") | ("[[", *inner, "]]") | ("test", *inner):
            return tuple(inner)
    return None


def _compared(left: str | None, operator: str, right: str | None) -> bool | None:
    if left is None or right is None:
        return None
    if operator in ("=", "=="):
        return left == right
    if operator == "!=":
        return left != right
    if not (left.isdecimal() and right.lstrip("-").isdecimal()):
        return None
    one, two = int(left), int(right)
    return {"-eq": one == two, "-ne": one != two, "-lt": one < two, "-le": one <= two, "-gt": one > two, "-ge": one >= two}.get(operator)


def _joined(results: Sequence[bool | None], operators: Sequence[str]) -> bool | None:
    value = results[0] if results else None
    for operator, following in zip(operators, results[1:], strict=False):
        if operator == "&&":
            value = False if value is False or following is False else None if value is None or following is None else True
        else:
            value = True if value is True or following is True else None if value is None or following is None else False
    return value


def _stops(parts: Sequence[_Part]) -> bool:
    """Say whether a block ends with failure by its own decision."""
    for part in parts:
        if isinstance(part, _Chain) and len(part.commands) == 1:
            one = part.commands[0]
            if isinstance(one, Command) and (_leaves(one) or one.words[:1] in {(name,) for name in _STOPS}):
                return True
    return False


def _leaves(one: Command) -> bool:
    return one.words[:1] in (("exit",), ("return",)) and one.words[1:2] != ("0",) and len(one.words) > 1


def _found(parts: Sequence[_Part], values: _Values) -> Iterator[Check]:
    for part in parts:
        if isinstance(part, _If):
            operators = [one.after for one in part.test]
            yield from _check(part.test, operators, values, then=_stops(part.then), other=_stops(part.other))
            yield from _found(part.then, values)
            yield from _found(part.other, values)
            continue
        plain = [one for one in part.commands if isinstance(one, Command)]
        for one in plain:
            for name, text in one.assigns if not one.words else ():
                values.assign(name, text, one.line)
        last = part.commands[-1] if part.commands else ()
        if len(part.commands) > 1 and part.operators:
            ends = _stops(last) if isinstance(last, tuple) else _leaves(last) or last.words[:1] in {(name,) for name in _STOPS}
            tests = tuple(one for one in part.commands[:-1] if isinstance(one, Command))
            if ends and len(tests) == len(part.commands) - 1:
                way = part.operators[len(tests) - 1]
                yield from _check(tests, part.operators[:-1], values, then=way == "&&", other=way == "||")
        elif len(plain) == 1 and _body(plain[0].words) is not None:
            yield from _check(tuple(plain), (), values, then=False, other=True)  # the shell stops at a command that fails
        for inner in part.commands:
            if isinstance(inner, tuple):
                yield from _found(inner, values)


def _check(test: tuple[Command, ...], operators: Sequence[str], values: _Values, *, then: bool, other: bool) -> Iterator[Check]:
    """Try a test in both worlds."""
    if then == other or not test:
        return
    bodies = [body for one in test if (body := _body(one.words[one.words[:1] == ("!",) :])) is not None]
    same = any(len(body) == 3 and body[0] == body[2] and "$" in body[0] for body in bodies)
    kinds = {values.kinds[name] for body in bodies for word in body for name in _names(word) if name in values.kinds}
    if Kind.HEAD in kinds and not any(values.good.get(name) != values.bad.get(name) for body in bodies for word in body for name in _names(word)) and not same:
        return  # the commit alone says nothing about a branch
    kind = Kind.SAME if same else next((one for one in Kind if one in kinds), None)
    if kind is None:
        return
    good = [_joined([_tested(one.words, values, values.good, count) for one in test], operators) for count in _GOOD_COUNTS]
    bad = _joined([_tested(one.words, values, values.bad, "0") for one in test], operators)
    if bad is None or None in good:
        return
    stops_good = all((then if one else other) for one in good)
    yield Check(kind=kind, line=test[0].line, stops_good=stops_good, stops_bad=then if bad else other)


# ---- what a guard answers


def _answered(parts: Sequence[_Part], takes: Mapping[int, bool], outputs: dict[str, str | None], *, sure: bool) -> bool | None:
    """Run through a guard's script; give whether it stops."""
    stops: bool | None = False
    for part in parts:
        if isinstance(part, _If):
            value = _joined([_guarded(one, takes) for one in part.test], [one.after for one in part.test])
            branches = [(part.then, value is not False), (part.other, value is not True)]
            for branch, possible in branches:
                if possible:
                    ended = _answered(branch, takes, outputs, sure=sure and value is not None)
                    stops = ended if value is not None else (None if ended is not False or stops is not False else False)
            if stops:
                return True
            continue
        if len(part.commands) > 1 and part.operators and isinstance(part.commands[0], Command):
            value = _guarded(part.commands[0], takes)
            last = part.commands[-1]
            ends = _stops(last) if isinstance(last, tuple) else _leaves(last)
            if ends and (value is None or value is (part.operators[0] == "&&")):
                return None if value is None else True
            continue
        for one in part.commands:
            if not isinstance(one, Command):
                continue
            if one.words[:1] in (("exit",), ("return",)):
                return one.words[1:2] not in ((), ("0",))
            written = len(one.words) > 1 and one.words[0] == "echo" and any("GITHUB_OUTPUT" in word for word in one.words)
            if written and (found := _OUTPUT.fullmatch(one.words[1].replace(QUOTED, ""))):
                literal = "$" not in found[2] and "`" not in found[2]
                outputs[found[1]] = found[2] if literal and sure else None
    return stops


def _guarded(one: Command, takes: Mapping[int, bool]) -> bool | None:
    negated = one.words[:1] == ("!",)
    words = one.words[negated:]
    value = (
        takes.get(one.line)
        if ("=~" in words or "==" in words or words[:1] in (("grep",), ("egrep",), ("echo",)))
        else {"true": True, "false": False}.get(words[0] if len(words) == 1 else "")
    )
    return None if value is None else value is not negated
