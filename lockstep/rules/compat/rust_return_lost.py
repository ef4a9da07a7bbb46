"""A function gives nothing any more.

## What it does
Finds functions and methods whose result became `()`.

## Why
Code that uses the result does not compile.

## Example
```
src/lib.rs:7 rust-return-lost: ordvec::Rank::add gave usize, and gives nothing
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
    """Compare results with nothing."""
    for old, new in comparison.rust.alike():
        if old.call is not None and new.call is not None and new.call.returns == "()" and old.call.returns not in ("()", "!"):
            impact = Impact.REVIEW if RustFact.ASYNC in old.traits ^ new.traits or comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-return-lost",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} returned {old.call.returns}, and returns nothing",
                help="keep the result until the next breaking release",
            )
