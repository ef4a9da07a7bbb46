"""The concurrency group is another one for every tag.

## What it does
The group of a release workflow must be constant: an expression in it may only name the workflow or the repository.

## Why
Two tags have two groups, and run at the same time.

## Example
```yaml
concurrency:
  group: release-${{ github.ref }}
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `concurrency`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.expression import embedded, references
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


_CONSTANT = {("github", "workflow"), ("github", "repository"), ("github", "repository_owner"), ("github", "repository_id")}


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the group that holds the publishing jobs."""
    if audit.workflow is None or not (audit.publishes or audit.of(Role.UNDRAFT)):
        return
    whole = audit.workflow.concurrency
    for one in (whole,) if whole else tuple(job.concurrency for job in audit.publish_jobs):
        if one is None or one.group is None:
            continue
        group = one.group
        named = {parts for _, found in embedded(group.text) for parts in references(found)}
        if named - _CONSTANT or any(found is None for _, found in embedded(group.text)):
            yield audit.finding(
                rule="concurrency-varies",
                level=LEVEL,
                place=Place(path=one.place.path, line=group.line, column=group.column),
                message=f"the concurrency group {group.text} is another one for every run: releases run at the same time",
                help="group: release",
            )
