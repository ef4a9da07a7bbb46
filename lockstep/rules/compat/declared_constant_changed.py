"""A constant that the project declared as promised has another value.

## What it does
Compares the values that stand where the configuration's pattern points: magic numbers, versions of formats, codes of errors.

## Why
What was written with the old value is refused, or read as something else.

## Example
```
src/format.rs:2 declared-constant-changed: magic changed from b"OVRQ" to b"OVRZ"
```

## Source
ordvec's compatibility policy (persisted formats)
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
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the values."""
    for old, new in comparison.pairs():
        if old.kind is ItemKind.CONSTANT and new.kind is ItemKind.CONSTANT and old.value != new.value:
            yield comparison.finding(
                rule="declared-constant-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed from {old.value} to {new.value}",
                help="say in the notes what can still be read, and how to convert the rest",
            )
