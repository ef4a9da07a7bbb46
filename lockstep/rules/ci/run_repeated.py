"""A gated workflow succeeded only when it was run again.

## What it does
A gated workflow succeeded for this commit in its second attempt or a later one.

## Why
It is green, and something in it was not sure: what fails once in ten runs fails for users too.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 note run-repeated: ci.yml #12 succeeded in attempt 3: https://github.com/spam/spam/actions/runs/5
  help: gh run view 5 --attempt 2 shows what went wrong before
```

## Source
[Re-running workflows and jobs](https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.NOTE
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for successes that are no first attempts."""
    for one in checks.workflows:
        run = one.passed
        if run is not None and run.attempt > 1:
            hint = f"gh run view {run.id} --attempt {run.attempt - 1} shows how the one before ended"
            message = f"{one.gated.name} #{run.number} succeeded in attempt {run.attempt}"
            yield finding(one, run, rule="run-repeated", level=LEVEL, message=message, help=hint)
