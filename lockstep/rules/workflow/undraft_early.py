"""The release is made public before everything is published.

## What it does
The job that makes the release public must wait for every job that publishes; within one job its step must come last.

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
    late = [deed.job.id for deed in audit.publishes if not audit.awaits(one.job, deed) or (deed.job.id == one.job.id and deed.index > one.index)]
    if late:
        names = ", ".join(dict.fromkeys(late))
        yield audit.finding(
            rule="undraft-early",
            level=LEVEL,
            place=one.place,
            message=f"{one.job.id} makes the release public, but {names} is not in its needs",
            help=f"add {names} to `needs`",
            symbol=one.job.id,
        )
