"""A function cannot be called by constants any more.

## What it does
Compares `const` on functions and methods.

## Why
A constant that calls it does not compile.

## Example
```
src/lib.rs:7 rust-const-lost: ordvec::bytes_for is no longer const
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
    """Compare who may call."""
    for old, new in comparison.rust.functions():
        if RustFact.CONST in old.traits and RustFact.CONST not in new.traits:
            impact = Impact.REVIEW if comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-const-lost",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} is no longer const",
                help="keep it const until the next breaking release",
            )
