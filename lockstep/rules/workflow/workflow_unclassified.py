"""A workflow starts like a release, and nothing in it is known to release anything.

## What it does
A workflow that tags or releases start, or that is named on the command line, must have a step that is known to publish or to make a release:
by its action or command, or declared in `workflow.roles` of the configuration. So must a job that has an environment, `id-token: write` or a secret and
runs a task or a script that is named for publishing: `just publish`, `make release`, `nox -s publish`, `node publish.js`. Of a script, 5000 commands
are read.

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
from lockstep.workflow.shell import MOST

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for any role of a release, and for scripts whose end is not read."""
    yield from _cut(audit)
    for job, step, one in {job.id: (job, step, one) for job, step, one in reversed(audit.unclear)}.values():
        yield audit.finding(
            rule="workflow-unclassified",
            level=LEVEL,
            confidence=Confidence.BLIND,
            place=step.script_line(one.line),
            message=f"{job.id} holds a credential and runs {' '.join(one.words)[:60]}: whether that publishes, and what, cannot be told",
            help=f'declare it: [tool.lockstep.workflow.roles] {job.id.rpartition(" / ")[2]} = "publish" (or "build")',
            symbol=job.id,
        )
    if audit.workflow is None or audit.classified or audit.unclear:
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


def _cut(audit: Audit) -> Iterator[Finding]:
    for job in audit.jobs.values():
        for step in job.steps:
            script = audit.commands(step)
            if any(one.cut for one in script):
                yield audit.finding(
                    rule="workflow-unclassified",
                    level=LEVEL,
                    confidence=Confidence.BLIND,
                    place=step.script_line(script[-1].line),
                    message=f"the script has more than {MOST} commands: what those behind this line do is not read",
                    help="put the script into files, or into several steps",
                    symbol=job.id,
                )
