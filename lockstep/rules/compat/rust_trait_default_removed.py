"""An item of a trait has no default any more.

## What it does
Compares the items of traits that others can implement.

## Why
An implementation that left it out does not compile.

## Example
```
src/lib.rs:8 rust-trait-default-removed: ordvec::Index::len has no default any more
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

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what may be left out."""
    for old, new in comparison.rust.alike():
        if RustFact.DEFAULT in old.traits and RustFact.REQUIRED in new.traits and comparison.rust.is_implemented_by_users(old):
            yield comparison.finding(
                rule="rust-trait-default-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer has a default: implementations of the trait must provide it",
                help="keep the default until the next breaking release",
            )
