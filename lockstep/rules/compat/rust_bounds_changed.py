"""A bound of a generic parameter is written otherwise.

## What it does
Compares the texts of bounds, in brackets and in `where`, of items with as many parameters as before. A bound that is looser, or that says the same in
other words, is no break: a person must look.

## Why
A type that does not satisfy a stricter bound can no longer be used.

## Example
```
src/lib.rs:7 rust-bounds-changed: T0 of ordvec::sort was any type, and is Ord
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#generic-bounds-tighten
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the texts of bounds."""
    for old, new in comparison.rust.alike():
        before, now = dict(_bounds(old)), dict(_bounds(new))
        if _names(old) == _names(new) and before != now:
            name = min({*before, *now}, key=lambda one: (before.get(one) == now.get(one), one))
            yield comparison.finding(
                rule="rust-bounds-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{name.removeprefix('where ')} of {new.path} was {before.get(name) or 'any type'}, and is {now.get(name) or 'any type'}",
                help="look whether all types that were taken before are taken now",
            )


def _bounds(item: Item) -> Iterator[tuple[str, str | None]]:
    return ((one.name, one.bound) for one in item.type_parameters if not one.name.startswith("'"))


def _names(item: Item) -> list[str]:
    return [one.name for one in item.type_parameters if not one.name.startswith(("'", "where "))]
