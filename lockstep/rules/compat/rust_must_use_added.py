"""The result of a function, or a value of a type, must be used now.

## What it does
Finds `#[must_use]` that is new.

## Why
Code that drops it compiles, with a warning.

## Example
```
src/lib.rs:4 rust-must-use-added: ordvec::Rank::search is #[must_use] now
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

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.NOTE
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare `must_use`."""
    for old, new in comparison.rust.alike():
        if RustFact.MUST_USE in new.traits - old.traits:
            yield comparison.finding(
                rule="rust-must-use-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is #[must_use] now: code that drops the value is warned",
                help="say so in the notes",
            )
