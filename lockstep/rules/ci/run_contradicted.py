"""A later run of a gated workflow did not succeed for this commit.

## What it does
A gated workflow has several runs for pushes of this commit to the branch; one succeeded, and a later one did not, or not yet. It passes,
with this warning.

## Why
The same commit pushed twice should end the same way twice; where it does not, the test, or what it downloads, is not stable.

## Example
```
lockstep gate ci v1.2.0
.github/workflows/ci.yml:3:3 warning run-contradicted: ci.yml #12 succeeded, and #15 after it ended as failure: https://github.com/spam/spam/actions/runs/9
  help: look at the later run before you release
```

## Source
[Workflow runs](https://docs.github.com/en/rest/actions/workflow-runs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for later runs."""
    for one in checks.workflows:
        good, newest = one.passed, next(iter(one.runs), None)
        if good is not None and newest is not None and newest is not good:
            ended = f"is {newest.state.replace('_', ' ')}" if newest.unfinished else f"ended as {newest.state}"
            message = f"{one.gated.name} #{good.number} succeeded, and #{newest.number} after it {ended}"
            yield finding(one, newest, rule="run-contradicted", level=LEVEL, message=message, help="look at the later run before you release")
