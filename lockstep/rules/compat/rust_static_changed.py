"""A static can be written to now, or cannot any more, or needs `unsafe`.

## What it does
Compares `static` and `static mut`, and what an `extern` block imports: only what it calls `safe` is used without `unsafe`.

## Why
Every use needs `unsafe` and is refused without; a write does not compile.

## Example
```
src/lib.rs:4 rust-static-changed: ordvec::LIMIT is static mut now
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
    """Compare statics."""
    for old, new in comparison.rust.alike():
        if old.kind is not ItemKind.STATIC:
            continue
        written, guarded = (fact in old.traits ^ new.traits for fact in (RustFact.MUTABLE, RustFact.UNSAFE))
        if written or (guarded and RustFact.UNSAFE in new.traits and RustFact.MUTABLE not in new.traits):
            now = "static mut" if RustFact.MUTABLE in new.traits else "no static mut any more" if written else "unsafe to use"
            yield comparison.finding(
                rule="rust-static-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is {now}",
                help="add functions that read and write it",
            )
