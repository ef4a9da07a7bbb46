"""No objects can be made of a trait any more.

## What it does
Finds traits with an item that `dyn` does not allow, and had none before. Where the trait asked for one that is not known, a person must look.

## Why
`dyn Trait` does not compile.

## Example
```
src/lib.rs:8 rust-trait-objects-lost: ordvec::Index can no longer be used as dyn Index
```

## Source
https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility
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
_HARMLESS = frozenset({"Any", "Debug", "Display", "Error", "Send", "Sync", "Unpin", "Write", "Read", "Iterator", "'static"})
"""Traits that allow objects themselves."""


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what `dyn` allows."""
    for old, new in comparison.rust.alike():
        if RustFact.DYN in old.traits - new.traits:
            known = all(one.partition("<")[0] in _HARMLESS for one in old.bases)
            yield comparison.finding(
                rule="rust-trait-objects-lost",
                impact=IMPACT if known else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} can no longer be used as dyn {new.path.rpartition('::')[2]}",
                help="add `where Self: Sized` to the new item",
            )
