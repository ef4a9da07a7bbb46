"""What the guard refuses is published all the same.

## What it does
Where the guard of the tag's name says its verdict by an output and does not fail, no publishing job may be able to run when that output is false:
by its own condition, or because a job that it waits for does not run. In the basic profile a job that uses the output otherwise, as a title or in its
script, is left alone.

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
from lockstep.workflow.model import Job

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
            if not audit.hardened and _uses(other, name):
                continue  # it goes on in another way
            if name not in audit.before(other) or (guard.accepted is not None and not audit.runs_with(other, guard.accepted)):
                continue  # `guard-inverted` says so
            if audit.runs_with(other, refused):
                yield audit.finding(
                    rule="guard-ignored",
                    level=LEVEL,
                    place=other.place,
                    message=f"{other.id} publishes even when {name} refuses the tag",
                    help=f"if: needs.{name}.outputs.{min(job.outputs)} == 'true'",
                    symbol=other.id,
                )


def _uses(job: Job, guard: str) -> bool:
    """Say whether a job uses what a guard says: for a title, a label, or within a script."""
    said = f"needs.{guard.lower()}.outputs."
    given = (*job.inputs.values(), *job.env.values(), *(one for step in job.steps for one in (*step.inputs.values(), *step.env.values())))
    scripts = (step.run for step in job.steps if step.run is not None)
    return any(said in one.text.lower() for one in (*given, *scripts))
