"""A lock has a dependency at a version, or from a source, that the manifest does not accept.

## What it does
Each dependency of each of our packages (every kind and target, optional, inherited, renamed) must be satisfied by the entry that the
package's own entry lists.

## Why
`cargo build --locked` fails. It is what remains when a requirement is edited and the lock is not committed.

## Example
```
Cargo.lock:12:1 lock-requirement-unsatisfied: spam/Cargo.toml:9:1 asks for serde "1.0.200", the lock has 1.0.100 for spam
```
Only a resolver can choose another version: `cargo update --workspace`.

## Source
[Specifying dependencies](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html)
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
    yield from findings(project.locks, Fault.UNSATISFIED)
