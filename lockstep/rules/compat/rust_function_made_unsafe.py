"""A function is unsafe to call now.

## What it does
Compares `unsafe` on functions and methods; on methods of traits both ways, for an implementation must say the same.

## Why
Calls outside of `unsafe` do not compile.

## Example
```
src/lib.rs:7 rust-function-made-unsafe: ordvec::load is unsafe now
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
    """Compare who must promise something to call."""
    for old, new in comparison.rust.functions():
        if (RustFact.UNSAFE in old.traits) == (RustFact.UNSAFE in new.traits):
            continue
        made = RustFact.UNSAFE in new.traits
        if made or comparison.rust.is_implemented_by_users(old):
            impact = Impact.REVIEW if comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-function-made-unsafe",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} is unsafe now" if made else f"{new.path} is no longer unsafe: implementations that say so do not compile",
                help="keep the old function, and add the other under another name",
            )
