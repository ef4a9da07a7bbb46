"""A check of the release stops what is good.

## What it does
Tries the checks of scripts on the way to a publish: those of digests, of the head of the branch, and of counts of runs. One that fails when the
bytes are the same, the commit is the head, or the runs are there, is the wrong way round.

## Why
No release passes, or, where the other branch goes on, every bad one does.

## Example
```yaml
- run: |
    if [ "$A_SHA" = "$B_SHA" ]; then
      echo "::error::the bytes differ"
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

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Try the checks of each script."""
    for job, step, one in audit.checked:
        if one.stops_good:
            yield audit.finding(
                rule="check-inverted",
                level=LEVEL,
                place=step.script_line(one.line),
                message=f"a check of {job.id} fails when {one.kind} is right, and passes when it is wrong",
                help="turn the comparison round",
                symbol=job.id,
            )
