"""A type or a variant is `#[non_exhaustive]` now.

## What it does
Finds enums, variants, and structs that users could write with all of their fields.

## Why
Users can no longer write the value, nor match it in full.

## Example
```
src/lib.rs:4 rust-non-exhaustive-added: ordvec::IndexKind is #[non_exhaustive] now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#attr-adding-non-exhaustive
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
    """Compare what users may exhaust."""
    for old, new in comparison.rust.alike():
        if RustFact.NON_EXHAUSTIVE in new.traits - old.traits and (RustFact.LITERAL in old.traits or old.kind in (ItemKind.ENUM, ItemKind.VARIANT)):
            yield comparison.finding(
                rule="rust-non-exhaustive-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is #[non_exhaustive] now",
                help="do this in a breaking release, with a constructor for a struct",
            )
