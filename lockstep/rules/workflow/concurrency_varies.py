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

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.expression import embedded, references
from lockstep.workflow.model import Concurrency, place_at

LEVEL = Level.ERROR
BASIC = Level.NOTE
SINCE = "0.1.0"


_CONSTANT = {("github", "workflow"), ("github", "repository"), ("github", "repository_owner"), ("github", "repository_id")}


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the group that holds the publishing jobs."""
    if audit.workflow is None or not audit.final_jobs:
        return
    whole = audit.workflow.concurrency
    own = [job.concurrency for job in audit.publish_jobs]
    if own and all(one is not None and not _varies(one) for one in own):
        return
    for one in (whole,) if whole else own:
        if one is not None and one.group is not None and _varies(one):
            yield audit.finding(
                rule="concurrency-varies",
                level=LEVEL,
                place=place_at(one.place.path, one.group),
                message=f"the concurrency group {one.group.text} differs from run to run: two releases can run at the same time",
                help="group: release",
            )


def _varies(one: Concurrency) -> bool:
    """Say whether a group holds anything but the workflow and the repository; `github.event.push` is never there, and empty."""
    if one.group is None:
        return False
    found = [found for _, found in embedded(one.group.text)]
    named = {parts for each in found for parts in references(each) if parts[:3] != ("github", "event", "push")}
    return bool(named - _CONSTANT) or None in found
