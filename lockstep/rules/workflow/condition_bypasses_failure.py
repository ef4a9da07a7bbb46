"""A condition lets the release go on after a failure.

## What it does
No job on the way to a publish or to the un-draft, and no step there that attests, stages, gets a token, publishes or makes public, may have
`always()`, `failure()` or `cancelled()` in its `if`, in whatever spelling.

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

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit, parsed
from lockstep.workflow.expression import STATUS, functions
from lockstep.workflow.model import Job, Role
from lockstep.yaml import Scalar

LEVEL = Level.ERROR
SINCE = "0.1.0"


_ROLES = (Role.ATTEST, Role.STAGE, Role.DRAFT, Role.MINT, Role.PUBLISH, Role.UNDRAFT)


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the conditions of the jobs and of the steps that count."""
    seen: set[Place] = set()
    for job in audit.route:
        for scalar in job.conditions:
            yield from _report(audit, job, scalar, job.at(scalar), seen)
    for deed in audit.of(*_ROLES):
        for scalar in deed.step.conditions if deed.step else ():
            yield from _report(audit, deed.job, scalar, deed.step.at(scalar), seen) if deed.step else ()


def _report(audit: Audit, job: Job, scalar: Scalar, place: Place, seen: set[Place]) -> Iterator[Finding]:
    found = sorted(set(functions(parsed(scalar))) & STATUS)
    if found and place not in seen:
        seen.add(place)
        names = ", ".join(f"{name}()" for name in found)
        yield audit.finding(
            rule="condition-bypasses-failure",
            level=LEVEL,
            place=place,
            message=f"{job.id} is on the way to a publish, and its condition has {names}",
            help="take the function out: a failure must stop the release",
            symbol=job.id,
        )
