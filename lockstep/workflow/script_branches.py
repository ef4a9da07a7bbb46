"""Which lines of a script are passed over when the values of some variables are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lockstep.text.yaml import Scalar
from lockstep.workflow.script_tree import If, Part, joined, parse_script
from lockstep.workflow.script_values import KnownValues, evaluate_test
from lockstep.workflow.shell import Command, statements


def skipped_lines(script: str, env: Mapping[str, Scalar], known: Mapping[str, str]) -> frozenset[int]:
    """Give the lines of the commands that do not run, counted from 0; `known` are the values of variables beside what `env` says."""
    values = KnownValues(env)
    world = {**values.good, **known}
    return frozenset(_skipped(parse_script(statements(script)), values, world))


def _skipped(parts: Sequence[Part], values: KnownValues, world: Mapping[str, str | None]) -> Iterator[int]:
    for part in parts:
        if not isinstance(part, If):
            continue
        answer = joined([evaluate_test(one.words, values, world, "1") for one in part.test], [one.after for one in part.test])
        yield from _lines(part.then) if answer is False else _skipped(part.then, values, world)
        yield from _lines(part.other) if answer is True else _skipped(part.other, values, world)


def _lines(parts: Sequence[Part]) -> Iterator[int]:
    for part in parts:
        if isinstance(part, If):
            yield from (one.line for one in part.test)
            yield from _lines(part.then)
            yield from _lines(part.other)
            continue
        for one in part.commands:
            if isinstance(one, Command):
                yield one.line
            else:
                yield from _lines(one)
