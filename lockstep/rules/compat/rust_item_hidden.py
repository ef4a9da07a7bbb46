"""An item is left out of the documentation now.

## What it does
Finds `#[doc(hidden)]` that is new on an item, or on all paths to it.

## Why
What is hidden is no part of the promise: a later release may drop it without a word.

## Example
```
src/lib.rs:4 rust-item-hidden: ordvec::format is #[doc(hidden)] now
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import RustFact, Stability

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is promised."""
    hidden = set[str]()
    for old, new in comparison.rust.pairs():
        at = comparison.head.items.get(old.path, new) if comparison.rust.holder(old) is None else new  # under the name that users know
        if old.stability is not Stability.HIDDEN and at.stability is Stability.HIDDEN:
            hidden.add(old.path)
            if not comparison.rust.is_below(old, hidden) and RustFact.DEPRECATED not in at.traits:
                yield comparison.finding(
                    rule="rust-item-hidden",
                    impact=IMPACT,
                    old=old,
                    new=at,
                    message=f"{at.path} is #[doc(hidden)] now: it is no longer part of the public API",
                    help="deprecate it first, and say so in the notes",
                )
