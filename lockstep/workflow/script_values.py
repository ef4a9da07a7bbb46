"""What is known of a script's variables in a good world and in a bad one, and what its tests answer then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.command_roles import ASKS_HEAD, ASKS_RUNS
from lockstep.workflow.shell_variables import QUOTED


class CheckKind(StrEnum):
    """What a check is about."""

    DIGEST = "the bytes"
    HEAD = "the head of the branch"
    COUNT = "the number of runs"
    SAME = "a thing and itself"


LONGEST = 10_000
"""Characters that are put into one text; a few lines double a value again and again."""
_DIGEST = pattern(r"^\$\(\s*(?:sha[0-9]*sum|shasum|md5sum|b2sum|openssl)\s(.*)\)$", re.DOTALL)
_COUNTS = pattern(r"\blength\b|total_count|wc -l|grep -c")
_FAILURES = pattern(r"fail|cancel|!= ?\\?\"?success", re.IGNORECASE)
_VARIABLE = pattern(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::?-[^}]*)?\}|([A-Za-z_][A-Za-z0-9_]*))")
_EXPRESSION = pattern(r"\$\{\{((?:[^}$\n]|\}(?!\})|\$(?!\{\{))*+)\}\}")
_COMMIT = pattern(r"^github\.sha$|^github\.event\.after$")


class KnownValues:
    """The values of variables in both worlds, as far as the script was read."""

    def __init__(self, env: Mapping[str, Scalar]) -> None:
        self.good: dict[str, str | None] = {"GITHUB_SHA": "commit"}
        self.bad: dict[str, str | None] = {"GITHUB_SHA": "commit"}
        self.kinds: dict[str, CheckKind] = {"GITHUB_SHA": CheckKind.HEAD}
        self.queries: dict[str, tuple[CheckKind, int]] = {}
        for name, scalar in env.items():
            found = _EXPRESSION.fullmatch(scalar.text.strip())
            sha = found is not None and _COMMIT.search(found[1].strip().lower()) is not None
            self._set(name, "commit" if sha else None if "${{" in scalar.text else scalar.text, kind=CheckKind.HEAD if sha else None)

    def _set(self, name: str, good: str | None, bad: str | None = None, kind: CheckKind | None = None) -> None:
        self.good[name], self.bad[name] = good, good if bad is None else bad
        self.kinds.pop(name, None)
        if kind is not None:
            self.kinds[name] = kind

    def assign(self, name: str, text: str, line: int) -> None:
        """Take in an assignment of the script."""
        body = text.strip().removeprefix(QUOTED).strip('"')
        if (found := _DIGEST.match(body)) is not None:
            file = self.text(found[1].partition("|")[0].strip(), self.bad, literal=True) or found[1]
            self._set(name, "digest", "digest of " + re.sub(r"[$`\"]", "", file), CheckKind.DIGEST)
        elif body.startswith("$(") and ASKS_RUNS.search(body) and _COUNTS.search(body) and "success" in body and not _FAILURES.search(body):
            self._set(name, "+", "0", CheckKind.COUNT)
            self.queries[name] = (CheckKind.COUNT, line)
        elif body.startswith("$(") and ASKS_HEAD.search(body) and not ASKS_RUNS.search(body):
            self._set(name, "commit", "another", CheckKind.HEAD)
            self.queries[name] = (CheckKind.HEAD, line)
        elif "$(" in body or "`" in body:
            self._set(name, None)
        else:
            self._set(name, self.text(body, self.good), self.text(body, self.bad))
            if _VARIABLE.fullmatch(body) and (kind := self.kinds.get(variables_of(body)[0])) is not None:
                self.kinds[name] = kind

    def text(self, word: str, world: Mapping[str, str | None], *, literal: bool = False) -> str | None:
        """Put what is known into a word; None where something is not. A `literal` text keeps what is not known as it is written."""
        unknown = False

        def put(found: re.Match[str]) -> str:
            nonlocal unknown
            value = world.get(found[1] or found[2])
            unknown = unknown or value is None
            return found[0] if value is None else value

        plain = _EXPRESSION.sub(lambda found: "commit" if _COMMIT.search(found[1].strip().lower()) else "\1", word.replace(QUOTED, ""))
        if sum(len(world.get(found[1] or found[2]) or "") for found in _VARIABLE.finditer(plain)) > LONGEST:
            return plain if literal else None
        whole = _VARIABLE.sub(put, plain)
        return whole if literal or not (unknown or "\1" in whole or "$" in whole or "`" in whole) else None


def variables_of(word: str) -> list[str]:
    """Give the variables that stand in a word."""
    return [found[1] or found[2] for found in _VARIABLE.finditer(word)]


def evaluate_test(words: tuple[str, ...], values: KnownValues, world: Mapping[str, str | None], count: str) -> bool | None:
    """Give what a command answers: true, false, or None where that is not known."""
    if words[:1] == ("!",):
        inner = evaluate_test(words[1:], values, world, count)
        return None if inner is None else not inner
    if words in (("true",), (":",)):
        return True
    if words == ("false",):
        return False
    body = body_of_test(words)
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


def body_of_test(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the words of a test without its brackets; None for a command that is none."""
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
