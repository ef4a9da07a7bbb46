"""A variant of an enum was removed.

## What it does
Finds variants that users could make and match.

## Why
Code that names it does not compile.

## Example
```
src/lib.rs:4 rust-variant-removed: ordvec::Kind::Sign was removed
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#enum-variant-new
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for variants of enums that are still there."""
    for old, _, holder in comparison.rust.members_removed(ItemKind.VARIANT):
        opaque = RustFact.OPAQUE in holder.traits and comparison.rust.may_hide(old.path)
        yield comparison.finding(
            rule="rust-variant-removed",
            impact=Impact.REVIEW if opaque else IMPACT,
            old=old,
            new=None,
            message=f"{old.path} was removed",
            help="keep it, deprecated, until the next breaking release",
        )
