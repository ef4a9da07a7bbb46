"""A check of the release can stop nothing.

## What it does
Tries the checks of scripts on the way to a publish: those of digests, of the head of the branch, and of counts of runs. One that lets different bytes,
another head or no run at all pass is found; so is one that compares a thing with itself, and a question whose answer is only printed.

## Why
It looks like a check, and everything passes.

## Example
```yaml
- run: |
    if [ "$runs" -lt 0 ]; then # 0 is not less than 0
      exit 1
    fi
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.script_values import CheckKind

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Try the checks of each script."""
    stopping = {(id(step), one.kind) for _, step, one in audit.checked if one.stops_bad and one.kind in (CheckKind.HEAD, CheckKind.COUNT)}
    for job, step, one in audit.checked:
        if not one.stops_good and not one.stops_bad and (id(step), one.kind) not in stopping:
            yield audit.finding(
                rule="check-toothless",
                level=LEVEL,
                place=step.script_line(one.line),
                message=f"{job.id} checks {one.kind}, and does not fail whatever the result is",
                help="compare the answer, and exit 1 where it is wrong",
                symbol=job.id,
            )
