"""A gated workflow skipped all its jobs for this commit.

## What it does
A gated workflow has no successful run for a push of this commit, and its newest attempt ended as `skipped`: no job's condition was true.

## Why
GitHub shows such a run in grey, and a required check takes it for passed. It tested nothing.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-skipped: ci.yml #12 skipped all its jobs: https://github.com/spam/spam/actions/runs/5
  help: let its jobs run for pushes to main, or name the workflows to wait for: gate.workflows
```

## Source
[Using conditions to control job
execution](https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-jobs-with-conditions)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for runs that were skipped."""
    for one, run in refused(checks, "skipped"):
        hint = f"let its jobs run for pushes to {checks.branch}, or name the workflows to wait for: gate.workflows"
        yield finding(one, run, rule="run-skipped", level=LEVEL, message=f"{named(one, run)} skipped all its jobs", help=hint)
