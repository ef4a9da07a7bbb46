"""A derive no longer takes an attribute.

## What it does
Compares the helper attributes of derive macros.

## Why
Code that writes the attribute does not compile.

## Example
```
src/lib.rs:4 rust-derive-helper-removed: spam_derive::Spam no longer takes #[ham]
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
from lockstep.surface import RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what derives take."""
    for old, new in comparison.rust.pairs():
        lost = fact_values(old, RustFact.HELPER) - fact_values(new, RustFact.HELPER)
        if lost:
            yield comparison.finding(
                rule="rust-derive-helper-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer takes {', '.join(f'#[{one}]' for one in sorted(lost))}",
                help="keep the attribute, and ignore it, until the next breaking release",
            )
