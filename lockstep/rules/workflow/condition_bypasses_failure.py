"""A condition lets the release go on after a failure.

## What it does
No job on the way to a publish or to the un-draft, and no step there that attests, stages, gets a token, publishes or makes public, may have
`always()`, `failure()` or `cancelled()` in its `if`, in whatever spelling. A condition that is false as soon as one of the job's needs failed
(`always() && needs.build.result == 'success'`), and a job that only counts the results of others, may.

## Why
With a status function in it, a condition no longer asks whether the jobs and steps before succeeded.

## Example
```yaml
publish:
  needs: [gate]
  if: ${{ !cancelled() && needs.guard.outputs.ok == 'true' }} # the gate may have failed
```

## Source
[Status check functions](https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import bypasses, parsed
from lockstep.workflow.expression import STATUS, functions
from lockstep.workflow.model import Job, Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_RESULTS = pattern(r"needs\.\*\.result|toJSON\(\s*needs\s*\)", re.IGNORECASE)
_ROLES = (Role.ATTEST, Role.STAGE, Role.DRAFT, Role.MINT, Role.PUBLISH, Role.UNDRAFT)


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the conditions of the jobs and of the steps that count."""
    seen: set[Place] = set()
    for job in audit.route:
        for scalar in job.conditions if not _counts(job) else ():
            yield from _report(audit, job, bypasses(job, scalar), job.at(scalar), seen)
    for deed in audit.of(*_ROLES):
        for scalar in deed.step.conditions if deed.step is not None else ():
            if deed.step is not None:
                found = tuple(sorted({*functions(parsed(scalar))} & STATUS))
                yield from _report(audit, deed.job, found, deed.step.at(scalar), seen)


def _counts(job: Job) -> bool:
    """Say whether a job is there to count the results of the others, and fails by itself."""
    return any(
        step.action == "re-actors/alls-green"
        or any(_RESULTS.search(value.text) for value in (*step.env.values(), *step.inputs.values(), *step.conditions, *((step.run,) if step.run else ())))
        for step in job.steps
    ) and not any("publish" in step.action for step in job.steps)


def _report(audit: Audit, job: Job, found: tuple[str, ...], place: Place, seen: set[Place]) -> Iterator[Finding]:
    if found and place not in seen:
        seen.add(place)
        names = ", ".join(f"{name}()" for name in found)
        yield audit.finding(
            rule="condition-bypasses-failure",
            level=LEVEL,
            place=place,
            message=f"{job.id} is part of the release, and runs after a failed job: its `if` has {names}",
            help="take the function out: a failure must stop the release",
            symbol=job.id,
        )
