"""A variant has another number.

## What it does
Compares the numbers of the variants of an enum without fields, those that follow from the one before too. What moves in one
enum is one finding, at the first variant, which names the others.

## Why
A cast gives another number, and foreign code takes one variant for another.

## Example
```
src/lib.rs:4 rust-discriminant-changed: ordvec::Status::Bad moved from 2 to 3; so did Worse from 3 to 4
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
from lockstep.wording import first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)
MOST_NAMED = 12
"""Other variants of an enum that are named."""


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the numbers of variants; those of one enum are one finding, at the first."""
    moved: dict[str, list[tuple[Item, Item]]] = {}
    for old, new in comparison.rust.alike():
        holder = comparison.rust.holder(old)
        if old.kind is not ItemKind.VARIANT or holder is None or None in (old.value, new.value) or old.value == new.value:
            continue
        if holder.path not in moved:
            now = comparison.rust.counterpart(holder)
            before, after = comparison.rust.members(holder, now, ItemKind.VARIANT) if now is not None else ([], [])
            moved[holder.path] = []
            if now is None or not (_has_numbers(holder, before) and _has_numbers(now, after)):
                moved.pop(holder.path)
                continue
        moved[holder.path].append((old, new))
    for pairs in moved.values():
        old, new = pairs[0]
        others = [f"{after.path.rpartition('::')[2]} from {before.value} to {after.value}" for before, after in pairs[1:]]
        yield comparison.finding(
            rule="rust-discriminant-changed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{new.path} moved from {old.value} to {new.value}" + (f"; so did {first_few(others, MOST_NAMED)}" if others else ""),
            help="add new variants at the end, or write the numbers",
        )


def _has_numbers(enum: Item, variants: list[Item]) -> bool:
    """Say whether users can cast an enum: all of its variants are without fields, and there for everybody."""
    return all(RustFact.UNIT in one.traits and RustFact.NON_EXHAUSTIVE not in one.traits and one.condition == enum.condition for one in variants)
