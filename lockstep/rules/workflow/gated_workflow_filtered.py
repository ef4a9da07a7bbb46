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
from lockstep.workflow.audit import Audit, meets, wild
from lockstep.workflow.model import Workflow
from lockstep.yaml import Mapping as Map
from lockstep.yaml import texts

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the triggers of each."""
    for one in audit.gated:
        for path, other in audit.others.items():
            if basename(path) == one.name and isinstance(other, Workflow):
                why = _why(other, one.branch)
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


def _why(other: Workflow, branch: str | None) -> str:
    """Say why there may be no run of a workflow, "" where there is one for every commit."""
    if "push" not in other.triggers:
        return "no push starts"
    push = other.triggers["push"]
    if not isinstance(push, Map):
        return ""
    if push.get("paths") is not None or push.get("paths-ignore") is not None:
        return "runs for some paths only"
    names = [one.text for one in texts(push.get("branches"))]
    ignored = [one.text for one in texts(push.get("branches-ignore"))]
    if not names and push.get("tags") is not None:
        return "runs for tags only"
    if branch is not None and ((names and not any(meets(wild(name), branch) for name in names)) or any(meets(wild(name), branch) for name in ignored)):
        return f"does not run for pushes to {branch}"
    return ""
