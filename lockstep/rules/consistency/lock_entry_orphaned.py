"""A lock has an entry that nobody asks for.

## What it does
Walks the lock from the members of the workspace; what is never reached is left over. It is an error where cargo refuses it, and a
warning where cargo ignores it until it next writes the lock.

## Why
`cargo build --locked` fails on a leftover entry of a registry; a leftover of our own is noise in the next commit.

## Example
```
Cargo.lock:31:1 lock-entry-orphaned: no manifest of this workspace asks for spam-old 0.3.0; cargo ignores it, and drops it when it next writes the lock
```
`lockstep check --fix` removes an entry of our own.

## Source
cargo's src/resolver/encode.rs, `into_resolve`
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
    yield from findings(project.locks, Fault.ORPHANED)
