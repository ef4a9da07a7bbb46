"""The gate waits for a workflow that does not run for every commit.

## What it does
Every workflow that the gate asks about must run for pushes to the branch that the gate names, without a filter of paths.

## Why
A release whose last commit touched only the changelog can never be gated: the run that the gate waits for does not exist.

## Example
```yaml
on:
  push:
    branches: [main]
    paths: ["src/**"]
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `on.push.<paths|paths-ignore>`
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.filters import filtered
from lockstep.workflow.model import Workflow

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the triggers of each."""
    for one in audit.gated:
        for path, other in audit.others.items():
            if basename(path) == one.name and isinstance(other, Workflow):
                why = filtered(other, one.branch)
                if why:
                    at = other.events.get("push")
                    place = Place(path=path, line=at.line if at else 1, column=at.column if at else 1)
                    yield audit.finding(
                        rule="gated-workflow-filtered",
                        level=LEVEL,
                        place=place,
                        message=f"the release waits for {one.name}, which {why}",
                        help="on: { push: { branches: [main] } }, without paths",
                        symbol=one.name,
                    )
