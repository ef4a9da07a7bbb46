"""A workflow starts like a release, and nothing in it is known to release anything.

## What it does
A workflow that tags or releases start, or that is named on the command line, must have a step that is known to publish or to make a release:
by its action or command, or declared in `workflow.roles` of the configuration.

## Why
What is not recognised is not judged: silence would look like approval.

## Example
```yaml
on: { push: { tags: ["v*"] } }
jobs:
  ship: { steps: [{ run: ./ship.sh }] }
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for any role of a release."""
    if audit.workflow is None or audit.classified:
        return
    only = audit.release_only and any(one.name in ("tag", "release") for one in audit.triggers)
    if only or audit.named:
        yield audit.finding(
            rule="workflow-unclassified",
            level=LEVEL,
            confidence=Confidence.BLIND,
            place=audit.place(),
            message="nothing in this workflow is known to publish or to make a release",
            help='declare it: [tool.lockstep.workflow.roles] JOB = "publish"; or exclude the file',
        )
