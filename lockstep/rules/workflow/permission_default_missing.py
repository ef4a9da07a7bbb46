"""The settings of the repository decide what the token may do.

## What it does
A release workflow must have `permissions` on top, or at every job.

## Why
In old repositories the default is to write everything.

## Example
```yaml
on: { push: { tags: ["v*"] } }
jobs: # and no `permissions`
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `permissions`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for permissions."""
    workflow = audit.workflow
    if workflow is not None and workflow.permissions is None and any(job.permissions is None for job in workflow.jobs.values()):
        yield audit.finding(
            rule="permission-default-missing",
            level=LEVEL,
            place=audit.place(),
            message="no top-level `permissions`",
            help="permissions: { contents: read }",
        )
