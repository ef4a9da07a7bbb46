"""A Rust item is deprecated now.

## What it does
Finds `#[deprecated]` that is new.

## Why
Code that uses it compiles, with a warning.

## Example
```
src/lib.rs:4 rust-item-deprecated: ordvec::RankIndex is deprecated now
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

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.NOTE
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare `deprecated`."""
    for old, new in comparison.rust.pairs():
        if RustFact.DEPRECATED in new.traits - old.traits:
            yield comparison.finding(
                rule="rust-item-deprecated",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is deprecated now" + (f": {new.deprecation}" if new.deprecation else ""),
                help="say in the notes what to use instead",
            )
