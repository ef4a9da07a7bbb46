"""An inherent method or constant of a type was removed.

## What it does
Finds what stood in an `impl` block of a type that is still there. Where the type derefs to another that may have a method of that name, where a trait that
is always imported has one and is implemented, or where a macro may define more of it, a person must look.

## Why
Code that calls it does not compile; a method of a trait with the same name is found only where the trait is imported.

## Example
```
src/rank.rs:40 rust-method-removed: ordvec::Rank::search was removed (`fn search(&self, &[f32]) -> Vec<Hit>`)
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-remove
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for members of types that are still there."""
    for old, before, now in comparison.rust.members_removed(ItemKind.FUNCTION, ItemKind.CONSTANT, ItemKind.TYPE_ALIAS):
        if before.kind is ItemKind.TRAIT:
            continue
        elsewhere = comparison.rust.is_called_otherwise(old, now) or comparison.rust.may_be_made(before, now)
        yield comparison.finding(
            rule="rust-method-removed",
            impact=Impact.REVIEW if elsewhere else IMPACT,
            old=old,
            new=None,
            message=f"{old.path} was removed (`{old.signature}`)",
            help="keep it, deprecated, until the next breaking release",
        )
