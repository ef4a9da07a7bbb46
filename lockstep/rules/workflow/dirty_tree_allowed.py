"""Cargo packages or publishes what is in no commit.

## What it does
`--allow-dirty` may not stand at `cargo package`, `cargo publish` or `cargo release` on the way to a publish.

## Why
The crate holds files that nobody reviewed, and that the tag does not have.

## Example
```yaml
- run: cargo publish --allow-dirty
```

## Source
[cargo publish](https://doc.rust-lang.org/cargo/commands/cargo-publish.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at cargo on the way."""
    yield from audit.packed_with("--allow-dirty", "dirty-tree-allowed")
