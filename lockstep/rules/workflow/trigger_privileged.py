"""A stranger can start the release workflow with its rights.

## What it does
A workflow that publishes may not be started by `pull_request_target`, `workflow_run` or `issue_comment`.

## Why
These events run with the rights and secrets of the repository for what a stranger sends. PyPI and crates.io refuse them for trusted publishing.

## Example
```yaml
on:
  workflow_run: { workflows: [ci] }
```

## Source
[zizmor: dangerous-triggers](https://docs.zizmor.sh/audits/#dangerous-triggers), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


_PRIVILEGED = ("pull_request_target", "workflow_run", "issue_comment")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the triggers."""
    if audit.workflow is None or not audit.classified:
        return
    for name, scalar in audit.workflow.events.items():
        if name in _PRIVILEGED:
            place = audit.place_of(scalar)
            level = Level.WARNING if name == "workflow_run" and not audit.hardened and _asks_for_the_run(audit) else LEVEL
            yield audit.finding(
                rule="trigger-privileged", level=level, place=place, message=f"{name} starts a workflow that publishes", help="start it by a tag"
            )


def _asks_for_the_run(audit: Audit) -> bool:
    """Say whether every publishing job, or one that it waits for, asks which event started the run that it follows."""
    return bool(audit.publish_jobs) and all(
        any("github.event.workflow_run.event" in one.text for name in (job.id, *audit.before(job)) for one in audit.jobs[name].conditions)
        for job in audit.publish_jobs
    )
