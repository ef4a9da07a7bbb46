"""Jobs wait for each other.

## What it does
`needs` may not lead back to the job itself.

## Why
GitHub refuses the whole workflow.

## Example
```yaml
build: { needs: test }
test: { needs: build }
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `jobs.<job_id>.needs`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Report the circle that was found."""
    if audit.workflow and not audit.workflow.unknown_needs and audit.cycle:
        first = audit.jobs[audit.cycle[0]]
        yield audit.finding(
            rule="needs-cyclic",
            level=LEVEL,
            place=first.place,
            message=f"jobs wait for each other: {' -> '.join(audit.cycle)}",
            help="take one of them out of `needs`",
        )
