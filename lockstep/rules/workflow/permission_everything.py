"""A job may write everything.

## What it does
No job may have `permissions: write-all`.

## Why
One action that is taken over can publish, push and change the release.

## Example
```yaml
build:
  permissions: write-all
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every job."""
    for job in audit.jobs.values():
        if (
            job.permissions is not None
            and job.permissions.everything == "write-all"
            and job.permissions is not (audit.workflow.permissions if audit.workflow else None)
        ):
            yield audit.finding(
                rule="permission-everything",
                level=LEVEL,
                place=job.permissions.place,
                message=f"{job.id} has permissions: write-all",
                help="list the scopes that it needs",
                symbol=job.id,
            )
