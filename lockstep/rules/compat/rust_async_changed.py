"""A function became async, or is no longer.

## What it does
Compares `async` on functions and methods. A function that says `impl Future` instead may be the same: a person must look.

## Why
The result is another type: code that uses it does not compile.

## Example
```
src/lib.rs:7 rust-async-changed: ordvec::load is async now
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
    """Compare what must be awaited."""
    for old, new in comparison.rust.functions():
        if (RustFact.ASYNC in old.traits) == (RustFact.ASYNC in new.traits):
            continue
        plain = new if RustFact.ASYNC in old.traits else old
        future = "Future" in ((plain.call.returns if plain.call is not None else None) or "")
        uncertain = future or comparison.rust.has_uncertain_part(old, new)
        now = "is async now" if RustFact.ASYNC in new.traits else "is no longer async"
        yield comparison.finding(
            rule="rust-async-changed",
            impact=Impact.REVIEW if uncertain else IMPACT,
            old=old,
            new=new,
            message=f"{new.path} {now}",
            help="add a function with another name",
        )
