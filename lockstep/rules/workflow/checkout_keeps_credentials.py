"""The token stays on the disk behind the checkout.

## What it does
`actions/checkout` in a job on the way to a publish must have `persist-credentials: false`, unless the job pushes with git.

## Why
Every later step, and every build script, can read the token.

## Example
```yaml
- uses: actions/checkout@... # with: { persist-credentials: false } is missing
```

## Source
[zizmor: artipacked](https://docs.zizmor.sh/audits/#artipacked)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every checkout on the way."""
    for job, step in audit.steps:
        if step.uses is not None and step.action == "actions/checkout" and not step.is_off("persist-credentials"):
            pushes = any(one.name == "git" and "push" in one.words for other in job.steps for one in audit.commands(other))
            if not pushes:
                yield audit.finding(
                    rule="checkout-keeps-credentials",
                    level=LEVEL,
                    place=step.at(step.uses.scalar),
                    message=f"{job.id} checks out the repository and persists credentials",
                    help="with: { persist-credentials: false }",
                    symbol=job.id,
                )
