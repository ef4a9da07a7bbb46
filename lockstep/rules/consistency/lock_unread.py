"""A lock lies beside a package whose workspace has another lock.

## What it does
Finds a Cargo.lock, uv.lock, pdm.lock or package-lock.json next to a manifest that belongs to a workspace further up: cargo, uv, PDM and npm read the
workspace's lock alone. What such a lock says is compared with nothing, and no bump writes it.

## Why
Nobody updates such a lock, and who reads it is misled.

## Example
```
spam/Cargo.lock:1:1 lock-unread: cargo never reads this lock: spam/Cargo.toml belongs to the workspace of Cargo.toml
```

## Source
Workspaces of [cargo](https://doc.rust-lang.org/cargo/reference/workspaces.html), [uv](https://docs.astral.sh/uv/concepts/projects/workspaces/) and
[npm](https://docs.npmjs.com/cli/using-npm/workspaces)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.locks.stale import Fault, findings
from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Report it for every lock."""
    yield from findings(project.locks, Fault.UNREAD)
