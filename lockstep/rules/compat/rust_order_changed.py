"""Variants or fields stand in another order, by which values are compared.

## What it does
Compares the order of the variants of enums, and of the public fields of structs, whose comparison is derived.

## Why
The same two values compare otherwise than before, with no word from the compiler.

## Example
```
src/lib.rs:28 rust-order-changed: url::Host is compared by the order of its variants, which is another: Ipv6
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import shape
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the order of what stays."""
    for old, new in comparison.rust.all_pairs():
        if RustFact.ORDERED in old.traits & new.traits and old.kind is new.kind and shape(old) == shape(new):
            kind = ItemKind.VARIANT if old.kind is ItemKind.ENUM else ItemKind.FIELD
            parts = comparison.rust.members(old, new, kind)
            before, now = ([one.path[len(holder.path) :] for one in each] for holder, each in zip((old, new), parts, strict=True))
            stay = [one for one in before if one in now]
            moved = [one for one, other in zip(stay, (one for one in now if one in before), strict=True) if one != other]
            if moved:
                yield comparison.finding(
                    rule="rust-order-changed",
                    impact=IMPACT,
                    old=old,
                    new=new,
                    message=f"{new.path} is compared by the order of its parts, which is another from {moved[0]} on",
                    help="keep the order, and add what is new at the end",
                )
