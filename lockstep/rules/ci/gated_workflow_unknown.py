"""The gate is told to wait for a workflow that the commit does not have.

## What it does
Every workflow that `gate.workflows` or `--workflow` names must be a file in `.github/workflows` of the commit: by its path, its file name,
or its `name`.

## Why
A gate that waits for a file that was renamed refuses every release, or is taken out in a hurry.

## Example
```
lockstep gate ci --workflow tests.yml
lockstep.toml gated-workflow-unknown: the commit has no workflow tests.yml
  help: the workflows are ci.yml, docs.yml
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.ci import finding
from lockstep.workflow.commit_runs import Checks

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(checks: Checks) -> Iterator[Finding]:
    """Look for names without a file."""
    for one in checks.workflows:
        if not one.gated.known:
            hint = (
                f"the workflows are {one.gated.near}"
                if "," in one.gated.near
                else f"did you mean {one.gated.near}?"
                if one.gated.near
                else "it has none at all"
            )
            message = f"the commit has no workflow {one.gated.name}"
            yield finding(one, None, rule="gated-workflow-unknown", level=LEVEL, message=message, help=hint)
