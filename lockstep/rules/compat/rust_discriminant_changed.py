"""A variant has another number.

## What it does
Compares the numbers of the variants of an enum without fields, those that follow from the one before too. Of several that move together the
first is reported.

## Why
A cast gives another number, and foreign code takes one variant for another.

## Example
```
src/lib.rs:4 rust-discriminant-changed: ordvec::Status::Bad was 2, and is 3
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the numbers of variants."""
    reported = set[str]()
    for old, new in comparison.rust.alike():
        holder = comparison.rust.holder(old)
        if old.kind is not ItemKind.VARIANT or holder is None or holder.path in reported or None in (old.value, new.value) or old.value == new.value:
            continue
        now = comparison.rust.counterpart(holder)
        if now is None:
            continue
        before, after = comparison.rust.members(holder, now, ItemKind.VARIANT)
        if _has_numbers(holder, before) and _has_numbers(now, after):
            reported.add(holder.path)
            yield comparison.finding(
                rule="rust-discriminant-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} was {old.value}, and is {new.value}",
                help="add new variants at the end, or write the numbers",
            )


def _has_numbers(enum: Item, variants: list[Item]) -> bool:
    """Say whether users can cast an enum: all of its variants are without fields, and there for everybody."""
    return all(RustFact.UNIT in one.traits and RustFact.NON_EXHAUSTIVE not in one.traits and one.condition == enum.condition for one in variants)
