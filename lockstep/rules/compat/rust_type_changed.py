"""A type in a signature, a field, a constant or an alias is written otherwise.

## What it does
Compares the texts of types, without modules, lifetimes and names of generic parameters. Two texts may mean one type, and one that takes
more is no break:
a person must look.

## Why
Code that gives or takes the old type does not compile.

## Example
```
src/rank.rs:40 rust-type-changed: ordvec::Rank::search was `fn search(&self, &[f32])`, and is `fn search(&self, &[f64])`
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy import Impact
from lockstep.rules.compat import Comparison
from lockstep.rust_counterparts import arguments
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the texts of types."""
    for old, new in comparison.rust.alike():
        if old.kind in (ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION, ItemKind.TRAIT, ItemKind.MODULE, ItemKind.MACRO):
            continue
        if old.call is not None and new.call is not None:
            gone = new.call.returns == "()" and old.call.returns not in ("()", "!")
            results = old.call.returns == new.call.returns or gone or RustFact.ASYNC in old.traits ^ new.traits
            same = arguments(old) == arguments(new) and results
            differs = not same and len(arguments(old)) == len(arguments(new))
        else:
            differs = old.annotation != new.annotation
        if differs:
            yield comparison.finding(
                rule="rust-type-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} was `{old.signature}`, and is `{new.signature}`",
                help="look whether the two mean one type, or the new one takes all that the old one did",
            )
