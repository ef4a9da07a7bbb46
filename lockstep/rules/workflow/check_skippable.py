"""A setting skips a gate or a comparison, and its job is green all the same.

## What it does
Finds steps that ask whether the commit is green or the head of its branch, and have an `if` that a variable of the repository, an input, the person who
started the run, its attempt or a text of the event decides; and scripts that ask or compare and first leave with `exit 0` when such a value says so. A
condition on the whole job is left alone: who waits for a skipped job is skipped too.

## Why
A step that is skipped does not fail its job. What waits for the gate cannot tell a commit that was asked about from one that was not.

## Example
```yaml
gate:
  steps:
    - if: vars.SKIP_GATE != 'true' # the job succeeds without it
      run: lockstep gate ci
```

## Source
[Contexts](https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context): the conclusion of a step that is skipped
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import parsed
from lockstep.workflow.expression import embedded, references
from lockstep.workflow.model import Deed, Role
from lockstep.workflow.script_tree import If, Part, parse_script
from lockstep.workflow.script_values import variables_of
from lockstep.workflow.shell import Command, statements

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"

_BY_RUN = ("actor", "triggering_actor", "actor_id", "run_attempt", "run_number", "event")
_ENDS = pattern(r"exit(?: 0)?|return(?: 0)?")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the conditions of the steps that ask, and at how their scripts begin."""
    seen: set[Place] = set()
    for deed in audit.of(Role.GATE, Role.HEAD, Role.VERIFY):
        if deed.step is None or not any(audit.awaits(job, deed) for job in audit.publish_jobs) or (deed.role is Role.HEAD and deed.what.startswith("git ")):
            continue  # git is asked for the head of a branch for other reasons too
        for place, why in (*_skipped(audit, deed), *_left(audit, deed)):
            if place not in seen:
                seen.add(place)
                yield audit.finding(
                    rule="check-skippable",
                    level=LEVEL,
                    place=place,
                    message=f"{deed.job.id} skips a check ({deed.what}) when {why} says so, and succeeds",
                    help="take the condition out, or put it on every job that waits for this one",
                    symbol=deed.job.id,
                )


def _skipped(audit: Audit, deed: Deed) -> Iterator[tuple[Place, str]]:
    if deed.step is None or deed.role is Role.VERIFY:  # `bytes-unverified` looks at the conditions of a comparison
        return
    others = {scalar.text.strip() for one in audit.publishes for scalar in (*one.job.conditions, *(one.step.conditions if one.step is not None else ()))}
    for scalar in deed.step.conditions:
        setting = next((".".join(parts) for parts in references(parsed(scalar)) if _is_setting(parts)), None)
        if setting is not None and audit.value(scalar) is not True and scalar.text.strip() not in others:
            yield deed.step.at(scalar), setting


def _left(audit: Audit, deed: Deed) -> Iterator[tuple[Place, str]]:
    step = deed.step
    if step is None or step.run is None or "pwsh" in step.shell:
        return
    settings = {name: said for name, value in audit.env(deed.job, step).items() if (said := _setting(value))}
    first = next((one.line for one in audit.commands(step) if step.script_line(one.line) == deed.place), None)
    for test, line in _exits(parse_script(statements(step.run.text)), first):
        for name in (name for one in test for word in one.words for name in variables_of(word) if name in settings):
            yield step.script_line(line), settings[name]


def _exits(parts: Sequence[Part], until: int | None) -> Iterator[tuple[tuple[Command, ...], int]]:
    """Give the tests before a line behind which a script may leave with success, each with its line."""
    for part in parts:
        if isinstance(part, If):
            if part.test and until is not None and part.test[0].line >= until:
                return
            if part.test and (_leaves(part.then) or _leaves(part.other)):
                yield part.test, part.test[0].line
            continue
        tests = tuple(one for one in part.commands[:-1] if isinstance(one, Command))
        last = part.commands[-1] if part.commands else ()
        if tests and until is not None and tests[0].line >= until:
            return
        if tests and (_leaves(last) if isinstance(last, tuple) else _is_success(last)):
            yield tests, tests[0].line


def _leaves(parts: Sequence[Part]) -> bool:
    return any(isinstance(one, Command) and _is_success(one) for part in parts if not isinstance(part, If) for one in part.commands[:1])


def _is_success(one: Command) -> bool:
    return _ENDS.fullmatch(" ".join(one.words)) is not None


def _setting(value: Scalar) -> str:
    return next((".".join(parts) for _, one in embedded(value.text) for parts in references(one) if _is_setting(parts)), "")


def _is_setting(parts: tuple[str, ...]) -> bool:
    """Say whether a context is decided by a setting, a person or the moment, not by the commit."""
    if parts[0] in ("vars", "inputs"):
        return True
    return parts[0] == "github" and len(parts) > 1 and parts[1] in _BY_RUN and not re.search(r"sha$|ref$|name$", parts[-1])
