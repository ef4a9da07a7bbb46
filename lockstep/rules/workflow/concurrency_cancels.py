"""A release that is running can be cancelled by the next one.

## What it does
`cancel-in-progress` of a release workflow, and of every job on the way to a publish, must be false.

## Why
A publish is cancelled between two registries.

## Example
```yaml
concurrency:
  group: release
  cancel-in-progress: true
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `concurrency`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import place_at

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the workflow and its jobs."""
    if audit.workflow is None or not audit.final_jobs:
        return
    for one in (audit.workflow.concurrency, *(job.concurrency for job in audit.route)):
        if one is not None and one.cancel is not None and audit.value(one.cancel) is not False:
            place = place_at(one.place.path, one.cancel)
            yield audit.finding(
                rule="concurrency-cancels",
                level=LEVEL,
                place=place,
                message="concurrency has cancel-in-progress: a running release can be cancelled",
                help="cancel-in-progress: false",
            )
