"""What the guard refuses is published all the same.

## What it does
Where the guard of the tag's name says its verdict by an output and does not fail, no publishing job may be able to run when that output is false:
by its own condition, or because a job that it waits for does not run.

## Why
The guard says no, and nobody listens.

## Example
```yaml
publish:
  needs: guard # if: needs.guard.outputs.ok == 'true'
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import bypasses

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Let each guard refuse, and see who runs."""
    for guard in audit.guards if audit.sound else ():
        name, job = guard.deed.job.id, guard.deed.job
        if not job.outputs or guard.refused is None:
            continue
        refused = {**{f"needs.{name.lower()}.outputs.{output.lower()}": "false" for output in job.outputs}, **guard.refused}
        for other in audit.publish_jobs:
            way = [other, *(audit.jobs[one] for one in audit.before(other))]
            if any(bypasses(one, scalar) for one in way for scalar in one.conditions):
                continue  # `condition-bypasses-failure` says so
            if name not in audit.before(other) or (guard.accepted is not None and not audit.runs_with(other, guard.accepted)):
                continue  # `guard-inverted` says so
            if audit.runs_with(other, refused):
                yield audit.finding(
                    rule="guard-ignored",
                    level=LEVEL,
                    place=other.place,
                    message=f"{other.id} publishes whatever {name} says about the tag",
                    help=f"if: needs.{name}.outputs.{min(job.outputs)} == 'true'",
                    symbol=other.id,
                )
