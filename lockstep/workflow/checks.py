"""What the checks of a script decide: tried in a good world and in a bad one.

In the good world every digest is the same, the commit is the head of its branch and each count of runs is one or more; in the bad world digests of
different files differ, the head is elsewhere and the count is 0. A check must let the good world pass and stop the bad one. What depends on anything
else is not known, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lockstep.dataclass import dataclass
from lockstep.text.yaml import Scalar
from lockstep.workflow.script_tree import If, Part, always_fails, is_failure, joined, parse_script
from lockstep.workflow.script_values import CheckKind, KnownValues, body_of_test, evaluate_test, variables_of
from lockstep.workflow.shell import Command, statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that can fail the step. `stops_good` and `stops_bad` say in which world it does."""

    kind: CheckKind
    line: int
    stops_good: bool
    stops_bad: bool


_GOOD_COUNTS = ("1", "1000")


def checks(script: str, env: Mapping[str, Scalar]) -> tuple[Check, ...]:
    """Give the checks of a script that are about digests, heads and counts of runs."""
    given = statements(script)
    values = KnownValues(env)
    found = list(_checks_in(parse_script(given), values))
    asked = {name: line for name, (kind, line) in values.queries.items() if kind in (CheckKind.HEAD, CheckKind.COUNT)}
    for name, line in asked.items():
        used = [one for one in given if any(re.search(rf"\$\{{?{name}\b", word) for word in (*one.words, *(value for _, value in one.assigns)))]
        elsewhere = not used and re.search(rf"\$\{{?{name}\b|\b{name}\b.*environ", script)  # in a text that another program reads
        if not elsewhere and all(one.words[:1] in (("echo",), ("printf",)) and ">>" not in one.words for one in used):
            found.append(Check(kind=values.queries[name][0], line=line, stops_good=False, stops_bad=False))
    return tuple(found)


def _checks_in(parts: Sequence[Part], values: KnownValues) -> Iterator[Check]:
    for part in parts:
        if isinstance(part, If):
            operators = [one.after for one in part.test]
            yield from _check(part.test, operators, values, then=always_fails(part.then), other=always_fails(part.other))
            yield from _checks_in(part.then, values)
            yield from _checks_in(part.other, values)
            continue
        plain = [one for one in part.commands if isinstance(one, Command)]
        for one in plain:
            for name, text in one.assigns if not one.words else ():
                values.assign(name, text, one.line)
        last = part.commands[-1] if part.commands else ()
        if len(part.commands) > 1 and part.operators:
            ends = always_fails(last) if isinstance(last, tuple) else is_failure(last)
            tests = tuple(one for one in part.commands[:-1] if isinstance(one, Command))
            if ends and len(tests) == len(part.commands) - 1:
                way = part.operators[len(tests) - 1]
                yield from _check(tests, part.operators[:-1], values, then=way == "&&", other=way == "||")
        elif len(plain) == 1 and body_of_test(plain[0].words) is not None:
            yield from _check(tuple(plain), (), values, then=False, other=True)  # the shell stops at a command that fails
        for inner in part.commands:
            if isinstance(inner, tuple):
                yield from _checks_in(inner, values)


def _check(test: tuple[Command, ...], operators: Sequence[str], values: KnownValues, *, then: bool, other: bool) -> Iterator[Check]:
    """Try a test in both worlds."""
    if then == other or not test:
        return
    bodies = [body for one in test if (body := body_of_test(one.words[one.words[:1] == ("!",) :])) is not None]
    same = any(len(body) == 3 and body[0] == body[2] and "$" in body[0] for body in bodies)
    kinds = {values.kinds[name] for body in bodies for word in body for name in variables_of(word) if name in values.kinds}
    if (
        CheckKind.HEAD in kinds
        and not any(values.good.get(name) != values.bad.get(name) for body in bodies for word in body for name in variables_of(word))
        and not same
    ):
        return  # the commit alone says nothing about a branch
    kind = CheckKind.SAME if same else next((one for one in CheckKind if one in kinds), None)
    if kind is None:
        return
    good = [joined([evaluate_test(one.words, values, values.good, count) for one in test], operators) for count in _GOOD_COUNTS]
    bad = joined([evaluate_test(one.words, values, values.bad, "0") for one in test], operators)
    if bad is None or None in good:
        return
    stops_good = all((then if one else other) for one in good)
    yield Check(kind=kind, line=test[0].line, stops_good=stops_good, stops_bad=then if bad else other)
