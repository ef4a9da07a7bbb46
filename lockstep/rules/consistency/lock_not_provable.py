"""Whether a lock holds what the features of a registry's crates need cannot be decided from the repository.

## What it does
Says once for a Cargo.lock that manifests choose features of crates of a registry: `default-features = false`, or `features = [...]`. Which
dependencies such a feature turns on stands in the registry's index, and not in the lock. All that the files tell is compared, and agrees.

## Why
A lock that is older than such a choice holds too much or too little, and `cargo build --locked` fails. What was not seen is not "in step".

## Example
```
Cargo.lock:11:1 note lock-not-provable: not provable: whether the lock holds what the chosen features of serde (spam/Cargo.toml:9:1) and 3 other crates need
```
`cargo metadata --locked` decides it, with the index of the registry.

## Source
[Features](https://doc.rust-lang.org/cargo/reference/features.html#dependency-features), cargo's src/resolver/dep_cache.rs (`build_requirements`)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.locks.stale import Fault, findings
from lockstep.model import Finding, Level
from lockstep.project.project import Project

LEVEL = Level.NOTE
SINCE = "0.1.0"


def check(project: Project) -> Iterator[Finding]:
    """Report it for every lock."""
    yield from findings(project.locks, Fault.UNPROVEN)
