"""A draft is made, everything is published, and nobody makes the release public.

## What it does
Where a workflow makes a draft release and publishes, a job must make the release public when all is done.

## Why
The packages are out, and the release with its notes, files and attestations is hidden until somebody remembers.

## Example
```yaml
notes:
  steps:
    - run: gh release create "$TAG_NAME" --draft
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
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the un-draft."""
    drafts = audit.of(Role.DRAFT)
    if drafts and audit.publishes and not audit.of(Role.UNDRAFT) and not audit.untagged:
        yield audit.finding(
            rule="undraft-missing",
            level=LEVEL,
            place=drafts[0].place,
            message=f"{drafts[0].job.id} makes a draft release, but no job makes it public",
            help='add a job after every publish: gh release edit "$TAG_NAME" --draft=false',
            symbol=drafts[0].job.id,
        )
