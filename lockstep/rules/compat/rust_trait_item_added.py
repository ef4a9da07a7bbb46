"""Those who implement a trait must write an item more.

## What it does
Finds items without a default that are new in a trait that others can implement.

## Why
Their implementations do not compile.

## Example
```
src/lib.rs:8 rust-trait-item-added: ordvec::Index::dim is new, and has no default
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#trait-new-item-no-default
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import is_breaking_member
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for items below traits."""
    for new, holder, before in comparison.rust.members_added(ItemKind.FUNCTION, ItemKind.CONSTANT, ItemKind.TYPE_ALIAS):
        if holder.kind is ItemKind.TRAIT and is_breaking_member(new, before):
            yield comparison.finding(
                rule="rust-trait-item-added",
                impact=IMPACT,
                old=before,
                new=new,
                message=f"{new.path} was added: implementations of {holder.path.rpartition('::')[2]} without it no longer compile",
                help="give it a default, or seal the trait",
            )
