"""A gated workflow was cancelled for this commit.

## What it does
A gated workflow has no successful run for a push of this commit, and its newest attempt ended as `cancelled`.

## Why
A run that was cancelled has said nothing about the commit. On the default branch a newer push often cancels it, by `cancel-in-progress`.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 run-cancelled: ci.yml #12 was cancelled: https://github.com/spam/spam/actions/runs/5
  help: gh run rerun 5; if a newer push cancelled it, let cancel-in-progress be false on the default branch
```

## Source
[Concurrency](https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding, named, refused
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for runs that were cancelled."""
    for one, run in refused(checks, "cancelled"):
        hint = f"gh run rerun {run.id}; if a newer push cancelled it, let cancel-in-progress be false on {checks.branch}"
        yield finding(one, run, rule="run-cancelled", level=LEVEL, message=f"{named(one, run)} was cancelled", help=hint)
