"""A lock has no entry for one of our packages.

## What it does
Every member of the workspace, and every package that these need by path, must have an entry. Which ones that are follows from the
manifests: globs, excluded folders, features that turn optional dependencies on, patches.

## Why
`cargo build --locked` fails, and the next ordinary build changes the lock in somebody else's commit.

## Example
```
Cargo.lock:18:1 lock-entry-missing: the lock has no entry for spam-core 0.4.0; spam/Cargo.toml:9:1 needs it
```
`lockstep check --fix` adds an entry that needs nothing from a registry; the help names the command for the others.

## Source
[Path dependencies](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#specifying-path-dependencies)
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
    yield from findings(project.locks, Fault.MISSING)
