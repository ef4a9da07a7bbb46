"""A trait is unsafe to implement now, or no longer.

## What it does
Compares `unsafe` on traits that others can implement.

## Why
An implementation must say the same, or it does not compile.

## Example
```
src/lib.rs:8 rust-trait-made-unsafe: ordvec::Pod is an unsafe trait now
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
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
    """Compare what an implementation must say."""
    for old, new in comparison.rust.alike():
        if old.kind is ItemKind.TRAIT and RustFact.UNSAFE in old.traits ^ new.traits and RustFact.SEALED not in old.traits:
            now = "is an unsafe trait now" if RustFact.UNSAFE in new.traits else "is no unsafe trait any more"
            yield comparison.finding(
                rule="rust-trait-made-unsafe",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} {now}",
                help="do this in a breaking release",
            )
