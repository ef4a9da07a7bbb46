"""An item comes from another crate now, which is not read.

## What it does
Finds paths where an item of the crate stood, and a re-export of something else stands now.

## Why
It may be the same item, moved, or another: nothing below it is seen.

## Example
```
src/lib.rs:4 rust-item-left-crate: ordvec::Hit is `pub use hits::Hit` now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-remove
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
    """Look for paths that lead elsewhere."""
    for old, new in comparison.pairs():
        if RustFact.FOREIGN in new.traits and RustFact.FOREIGN not in old.traits and RustFact.ALIAS not in old.traits:
            yield comparison.finding(
                rule="rust-item-left-crate",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed from `{old.signature}` to `{new.signature}`",
                help="compare the two by hand, or with cargo-semver-checks",
            )
