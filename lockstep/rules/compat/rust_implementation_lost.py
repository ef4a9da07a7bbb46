"""A type no longer implements a well-known trait.

## What it does
Compares derives, and impl blocks of traits of the standard library and of serde. Where a derive or an attribute of another crate may
implement it, or the trait
has arguments, which another implementation may cover, a person must look.

## Why
Code that prints, clones, compares or converts the type does not compile.

## Example
```
src/lib.rs:4 rust-implementation-lost: ordvec::Hit no longer implements Clone
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_values
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)
_SURE = frozenset({"Clone", "Copy", "Debug", "Default", "Display", "Eq", "Error", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize", "Deserialize"})
"""Traits that nothing but a derive or an impl block of the crate implements."""


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is implemented."""
    for old, new in comparison.rust.alike():
        if old.kind not in (ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION):
            continue
        has = fact_values(new, RustFact.IMPLEMENTS)
        lost = sorted(one for one in fact_values(old, RustFact.IMPLEMENTS) - has if " if " not in one)
        surely = [one for one in lost if one in _SURE and RustFact.OPAQUE not in new.traits and not comparison.rust.may_hide(f"{new.path}::")]
        for names, impact in ((surely, IMPACT), ([one for one in lost if one not in surely], Impact.REVIEW)):
            if names:
                yield comparison.finding(
                    rule="rust-implementation-lost",
                    impact=impact,
                    old=old,
                    new=new,
                    message=f"{new.path} no longer implements {', '.join(names)}",
                    help="keep the implementation until the next breaking release",
                )
