"""An item of a trait was removed.

## What it does
Finds methods, constants and types of traits.

## Why
Code that calls it, or implements it, does not compile.

## Example
```
src/lib.rs:8 rust-trait-item-removed: ordvec::Index::len was removed (`fn len(&self) -> usize`)
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
    """Look for items of traits that are still there."""
    for old, before, now in comparison.rust.members_removed(ItemKind.FUNCTION, ItemKind.CONSTANT, ItemKind.TYPE_ALIAS):
        if before.kind is ItemKind.TRAIT:
            hidden = comparison.rust.may_hide(f"{now.path}::")
            yield comparison.finding(
                rule="rust-trait-item-removed",
                impact=Impact.REVIEW if hidden else IMPACT,
                old=old,
                new=None,
                message=f"{old.path} was removed (`{old.signature}`)",
                help="keep it, deprecated and with a default, until the next breaking release",
            )
