"""A condition is a text, and a text is always true.

## What it does
An `if` with text around `${{ }}`, or with a line break behind it, is put together as a text, which GitHub takes for true.

## Why
The condition reads as a guard and stops nothing.

## Example
```yaml
if: ${{ needs.guard.outputs.ok }} == 'true' # always true
```

## Source
[zizmor: unsound-condition](https://docs.zizmor.sh/audits/#unsound-condition)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import always_true

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every condition."""
    for job in audit.jobs.values():
        for scalar, place in (*((one, job.at(one)) for one in job.conditions), *((one, step.at(one)) for step in job.steps for one in step.conditions)):
            if always_true(scalar):
                yield audit.finding(
                    rule="condition-always-true",
                    level=LEVEL,
                    place=place,
                    message=f"the `if` of {job.id} has text around ${{{{ }}}}, and is always true",
                    help="put all of it inside of ${{ }}, or leave ${{ }} out",
                    symbol=job.id,
                )
