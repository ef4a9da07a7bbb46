"""A lock lies beside a package whose workspace has another lock.

## What it does
Finds a Cargo.lock next to a manifest that belongs to a workspace further up: cargo reads the workspace's lock alone.

## Why
Nobody updates such a lock, and who reads it is misled.

## Example
```
spam/Cargo.lock:1:1 lock-unread: cargo never reads this lock: spam/Cargo.toml belongs to the workspace of Cargo.toml
```

## Source
[Workspaces](https://doc.rust-lang.org/cargo/reference/workspaces.html)
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
