"""The gate asks for the runs of the commit, and nothing asks whether it is the head of the branch.

## What it does
Where a script gates a release that tags start, something that the publish waits for must compare the commit with the head of the default branch:
`lockstep gate head`, the API's `commits/main`, `git ls-remote`, `git merge-base --is-ancestor`. Behind an action that waits for checks it is a warning.

## Why
An old commit is green, too: a tag on last month's head passes the gate, and releases without what came since.

## Example
```yaml
- run: lockstep gate ci # and no `lockstep gate head`
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the question in all that is waited for."""
    if not audit.sound or not any(one.name == "tag" for one in audit.triggers):
        return
    heads = audit.of(Role.HEAD)
    for job in audit.publish_jobs:
        gates = [one for one in audit.of(Role.GATE) if audit.awaits(job, one)]
        if gates and not any(audit.awaits(job, one) for one in heads):
            script = next((one for one in gates if one.step is not None and one.step.run is not None), None)
            gate = script or gates[0]
            yield audit.finding(
                rule="head-unasked",
                level=LEVEL if script is not None else Level.WARNING,
                place=gate.place,
                message=f"{gate.job.id} asks whether the commit is green, and nothing asks whether it is the head of the branch",
                help="add lockstep gate head",
                symbol=gate.job.id,
            )
            return
