"""No workflow stands before the release.

## What it does
Without `gate.workflows` and `--workflow`, the workflows that run for every push to the default branch are gated. There must be one.

## Why
A gate that asks nothing lets everything pass.

## Example
```
lockstep gate ci v1.2.0
.github/workflows nothing-gated: no workflow of 4b825dc642cb runs for every push to main
  help: let the tests run on: { push: { branches: [main] } }, or name what to wait for: gate.workflows
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """See whether there is one that must have run."""
    if checks.branch and not checks.unseen and not any(one.gated.due for one in checks.workflows):
        yield Finding(
            rule="nothing-gated",
            level=LEVEL,
            place=Place(path=".github/workflows"),
            message=f"no workflow of {checks.sha[:12]} runs for every push to {checks.branch}",
            help=f"let the tests run on: {{ push: {{ branches: [{checks.branch}] }} }}, or name what to wait for: gate.workflows",
        )
