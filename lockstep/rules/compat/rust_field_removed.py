"""A public field was removed.

## What it does
Finds fields of structs, unions and variants that were removed or that users can no longer name.

## Why
Code that reads it, writes it or matches it does not compile.

## Example
```
src/lib.rs:4 rust-field-removed: ordvec::Hit.score was removed (`score: f32`)
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#struct-private-fields-with-private
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
    """Look for fields below what is still there."""
    for old, _, _ in comparison.rust.members_removed(ItemKind.FIELD):
        yield comparison.finding(
            rule="rust-field-removed",
            impact=IMPACT,
            old=old,
            new=None,
            message=f"{old.path} was removed, or no longer public (`{old.signature}`)",
            help="keep the field until the next breaking release",
        )
