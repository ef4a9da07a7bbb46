"""A release that is running can be cancelled by the next one.

## What it does
`cancel-in-progress` of a release workflow, and of every job on the way to a publish, must be false. Left alone is a group that holds `github.run_id`
in a release: no other run has it.

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
from lockstep.workflow.model import Job, place_at

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the workflow and its jobs."""
    if audit.workflow is None or not audit.final_jobs:
        return
    for one in (None if _is_alone(audit, None) else audit.workflow.concurrency, *(job.concurrency for job in audit.route if not _is_alone(audit, job))):
        if one is not None and one.cancel is not None and audit.value(one.cancel) is not False:
            place = place_at(one.place.path, one.cancel)
            yield audit.finding(
                rule="concurrency-cancels",
                level=LEVEL,
                place=place,
                message="concurrency has cancel-in-progress: a running release can be cancelled",
                help="cancel-in-progress: false",
            )


def _is_alone(audit: Audit, job: Job | None) -> bool:
    """Say whether nothing shares the group of a workflow or a job: no other run, and of one run no other job, nor a job of the same matrix."""
    one = job.concurrency if job is not None else audit.workflow.concurrency if audit.workflow is not None else None
    if one is None or one.group is None or not audit.own_group(one.group):
        return False
    if job is None:
        return True
    groups = [other.concurrency.group.text for other in audit.jobs.values() if other.concurrency is not None and other.concurrency.group is not None]
    return job.matrix is None and groups.count(one.group.text) == 1
