"""A type can be copied now.

## What it does
Finds types that implement `Copy` and did not.

## Why
A closure that took such a value borrows it now, which may not live long enough; most code cannot tell: a person must look.

## Example
```
src/lib.rs:28 rust-copy-added: petgraph::Direction can be copied now
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import RustFact

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is copied."""
    for old, new in comparison.rust.alike():
        if f"{RustFact.IMPLEMENTS} Copy" in new.traits - old.traits:
            yield comparison.finding(
                rule="rust-copy-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} can be copied now: a closure that took it borrows it instead",
                help="most code cannot tell; say so in the notes",
            )
