"""The entry of one of our packages lists other dependencies than its manifest.

## What it does
The `dependencies` list of an entry must name exactly what the manifest asks for: nothing missing, nothing extra.

## Why
`cargo build --locked` fails. It is what remains when a dependency is added or removed and the lock is not committed.

## Example
```
Cargo.lock:12:1 lock-reference-stale: the entry of spam does not list serde, which it needs since spam/Cargo.toml:9:1
```
`lockstep check --fix` mends references to packages of the repository; a registry's crates need cargo.

## Source
cargo's src/resolver/encode.rs
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
    yield from findings(project.locks, Fault.REFERENCE)
