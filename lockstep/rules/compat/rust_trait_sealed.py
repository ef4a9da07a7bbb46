"""A trait can be implemented by its own crate alone now.

## What it does
Finds traits that ask for a trait that users cannot name, and did not before.

## Why
Implementations elsewhere do not compile.

## Example
```
src/lib.rs:8 rust-trait-sealed: ordvec::Index is sealed now
```

## Source
https://rust-lang.github.io/api-guidelines/future-proofing.html#c-sealed
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare who can implement."""
    for old, new in comparison.rust.alike():
        if RustFact.SEALED in new.traits - old.traits:
            yield comparison.finding(
                rule="rust-trait-sealed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} requires a trait that users cannot name: nobody else can implement it",
                help="seal it in a breaking release",
            )
