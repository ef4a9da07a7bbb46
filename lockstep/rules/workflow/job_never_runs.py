"""A job of the release can never run.

## What it does
A job that guards, asks, attests, stages, publishes or makes public may not have a condition that is false whatever starts the workflow. In the basic
profile one that says no more than `false` is a note: somebody has switched it off.

## Why
What it should do is not done, and every job that waits for it is skipped: nothing is released, and nothing fails.

## Example
```yaml
attest:
  if: ${{ false }}
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `jobs.<job_id>.if`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import parsed
from lockstep.workflow.expression import Literal
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


_ROLES = frozenset({Role.GUARD, Role.GATE, Role.ATTEST, Role.STAGE, Role.DRAFT, Role.PUBLISH, Role.UNDRAFT})


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the conditions of the jobs that count."""
    for job in audit.jobs.values():
        if not audit.possible_roles(job) & _ROLES:
            continue
        for scalar in job.conditions:
            if audit.never(scalar):
                switched_off = isinstance(parsed(scalar), Literal) and not audit.hardened
                yield audit.finding(
                    rule="job-never-runs",
                    level=Level.NOTE if switched_off else LEVEL,
                    place=job.at(scalar),
                    message=f"the `if` of {job.id} is false for every event that starts the workflow",
                    help="correct the condition, or take the job out",
                    symbol=job.id,
                )
