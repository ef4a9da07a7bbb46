"""Two releases can run at the same time.

## What it does
A workflow that publishes or makes a release public must have a `concurrency` group, on top or at every publishing job.

## Why
Two tags that are pushed together write into the same release, and publish in any order.

## Example
```yaml
on: { push: { tags: ["v*"] } }
jobs: # and no `concurrency`
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `concurrency`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for a group."""
    ends = audit.final_jobs
    if audit.workflow is None or audit.workflow.concurrency or not ends or set(audit.workflow.triggers) == {"workflow_call"}:
        return
    if any(job.concurrency is None for job in ends):
        yield audit.finding(
            rule="concurrency-missing",
            level=LEVEL,
            place=audit.place(),
            message="no top-level `concurrency`: two releases can run at the same time",
            help="concurrency: { group: release, cancel-in-progress: false }",
        )
