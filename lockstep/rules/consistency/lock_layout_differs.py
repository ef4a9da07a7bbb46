"""A lock says the right thing, but not as cargo writes it.

## What it does
Compares the text with the one that cargo would write: order of entries and references, names that need or no longer need a version.

## Why
The next command that writes the lock changes those lines, in somebody else's commit. `--locked` does not mind.

## Example
```
Cargo.lock:18:1 lock-layout-differs: the lock says the same as the manifests, but cargo writes it another way from here on
```
`lockstep check --fix` writes it as cargo does.

## Source
cargo's src/ops/lockfile.rs, `are_equal_lockfiles`
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
    yield from findings(project.locks, Fault.LAYOUT)
