"""A Rust item became another kind of thing.

## What it does
Compares what stands at one path: a struct that is an enum now, a constant that is a static. What an alias stands for may be the same: a
person must look.

## Why
Code that makes it, matches it or implements it does not compile.

## Example
```
src/lib.rs:9 rust-kind-changed: ordvec::Kind changed from `struct Kind` to `enum Kind`
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
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
    """Compare the kinds at one path."""
    for old, new in comparison.rust.pairs():
        if old.kind is not new.kind:
            alias = ItemKind.TYPE_ALIAS in (old.kind, new.kind) or {old.kind, new.kind} == {ItemKind.STRUCT, ItemKind.UNION}
            yield comparison.finding(
                rule="rust-kind-changed",
                impact=Impact.REVIEW if alias else IMPACT,
                old=old,
                new=new,
                message=f"{old.path} changed from `{old.signature}` to `{new.signature}`",
                help="add the new item under another name",
            )
