"""Every job of the release may write.

## What it does
The `permissions` on top must be read-only: `id-token: write`, `contents: write` and the like belong to the jobs that need them.

## Why
Any action of any job, and any dependency of a build, can get the identity that publishes.

## Example
```yaml
permissions:
  contents: read
  id-token: write
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import place_at

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the permissions on top."""
    top = audit.workflow.permissions if audit.workflow else None
    if top is None:
        return
    if top.everything == "write-all":
        yield audit.finding(
            rule="permission-default-writes",
            level=LEVEL,
            place=top.place,
            message="top-level `permissions` is write-all: every job may write everything",
            help="permissions: { contents: read }",
        )
    for scope, value in top.scopes.items():
        if value.text == "write":
            yield audit.finding(
                rule="permission-default-writes",
                level=LEVEL,
                place=place_at(top.place.path, value),
                message=f"top-level `permissions` has {scope}: write, which every job without its own gets",
                help=f"move {scope}: write to the job that needs it",
            )
