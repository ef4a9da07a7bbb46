"""Cargo packages or publishes without building what it packed.

## What it does
`--no-verify` may not stand at `cargo package`, `cargo publish` or `cargo release` on the way to a publish.

## Why
A crate that lacks a file builds here and nowhere else.

## Example
```yaml
- run: cargo publish --no-verify
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
    yield from audit.packed_with("--no-verify", "verification-skipped")
