"""A lock is damaged, or is not the lock of the workspace that it lies in.

## What it does
Looks for entries that stand twice, a format that no stable cargo writes, and a lock that holds none of the packages of its workspace.
Merge conflict markers and a text that is no TOML stop the command with the lines.

## Why
Cargo refuses such a lock. It is left by merges, by hand, or by a copy from elsewhere.

## Example
```
Cargo.lock:41:1 lock-malformed: spam 0.4.0 stands twice in the lock, first in line 12; cargo refuses it
```

## Source
[Cargo.toml vs Cargo.lock](https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html), cargo's `into_resolve`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.locks.stale import Fault, findings
from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Report it for every lock."""
    yield from findings(project.locks, Fault.MALFORMED)
