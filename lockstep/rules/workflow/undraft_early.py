"""The release is made public before everything is published.

## What it does
The job that makes the release public must wait for every job that publishes; within one job its step must come last. Where every publish that is
late waits for that job itself, only a workflow that makes a draft is held to this: without one, the release is public from the start.

## Why
Users read of a release that a registry refused, and nothing can be taken back.

## Example
```yaml
publish-release:
  needs: [publish-crate] # publish-pypi is forgotten
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
    """Compare the un-draft with every publish."""
    undrafts = list({deed.job.id: deed for deed in audit.of(Role.UNDRAFT)}.values())
    if len(undrafts) != 1 or not audit.sound:
        return
    one = undrafts[0]
    late = [deed for deed in audit.publishes if not audit.awaits(one.job, deed) or (deed.job.id == one.job.id and deed.index > one.index)]
    inside = any(deed.job.id == one.job.id for deed in late)
    behind = ", ".join(dict.fromkeys(deed.job.id for deed in late if one.job.id in audit.before(deed.job)))
    beside = ", ".join(dict.fromkeys(deed.job.id for deed in late if deed.job.id != one.job.id and one.job.id not in audit.before(deed.job)))
    if beside:
        message, help_ = f", but {beside} is not in its needs", f"add {beside} to `needs`"
    elif inside:
        message, help_ = ", and publishes after that", "move the step behind the last that publishes"
    elif behind and audit.of(Role.DRAFT):
        message, help_ = f", and {behind} publishes after that", f"make the release public in a last job of its own, with {behind} in its `needs`"
    else:
        return
    yield audit.finding(
        rule="undraft-early", level=LEVEL, place=one.place, message=f"{one.job.id} makes the release public{message}", help=help_, symbol=one.job.id
    )
