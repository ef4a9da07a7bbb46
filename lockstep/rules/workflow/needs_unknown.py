"""A job waits for a job that does not exist.

## What it does
Every name in `needs` must be a job of the workflow. An expression is not evaluated there.

## Why
GitHub refuses the whole workflow, and says so on the day of the release.

## Example
```yaml
publish:
  needs: [guard, biuld]
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
    """Report the names that were not found."""
    for job, one in audit.workflow.unknown_needs if audit.workflow else ():
        what = "an expression, which GitHub does not evaluate there" if "${{" in one.text else "no job of this workflow"
        yield audit.finding(
            rule="needs-unknown",
            level=LEVEL,
            place=job.at(one),
            message=f"{job.id} waits for {one.text}: {what}",
            help=f"the jobs are {', '.join(audit.jobs)}",
            symbol=job.id,
        )
