"""A struct or a variant has its fields in another form: with names, with numbers, or none.

## What it does
Compares unit, tuple and named form, where users could write the value or name a field.

## Why
Code that makes or matches it does not compile.

## Example
```
src/lib.rs:9 rust-shape-changed: ordvec::Hit changed from `struct Hit(f32)` to `struct Hit { score: f32 }`
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
    """Compare the forms of structs and variants."""
    for old, new in comparison.rust.pairs():
        if old.kind is new.kind and shape(old) != shape(new) and (RustFact.LITERAL in old.traits or comparison.rust.members(old, new, ItemKind.FIELD)[0]):
            yield comparison.finding(
                rule="rust-shape-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed from `{old.signature}` to `{new.signature}`",
                help="add the new form under another name",
            )
