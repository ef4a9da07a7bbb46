"""An item is there for some users only.

## What it does
Finds items that needed nothing, or only a feature that is on by default, and now wait for a feature that is off, or for a platform that not all users have
(`cfg(unix)`). Of other conditions, as of those that a build script sets, a person must look.

## Why
Users without the feature, or on another platform, do not compile.

## Example
```
src/lib.rs:4 rust-item-conditional: ordvec::fastscan needs feature = "simd" now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-remove
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import fact_value
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare conditions."""
    from lockstep.comparison.rust_platforms import is_missing_somewhere  # noqa: PLC0415 - only where Rust is compared

    conditional = set[str]()
    for old, new in comparison.rust.pairs():
        needed = new.condition if old.condition is None and new.condition is not None else _platform(comparison, old, new)
        if not needed:
            continue
        conditional.add(old.path)
        if not comparison.rust.is_below(old, conditional):
            certain = is_missing_somewhere(needed) and not comparison.rust.has_uncertain_part(old, new)
            yield comparison.finding(
                rule="rust-item-conditional",
                impact=IMPACT if certain else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} needs {needed} now",
                help="keep it for all users, or do this in a breaking release",
            )


def _platform(comparison: Comparison, old: Item, new: Item) -> str:
    """Give the platforms that an item waits for now; nothing where it did so before, or where another definition may stand for it elsewhere."""
    if old.condition is not None or new.kind in (ItemKind.FIELD, ItemKind.VARIANT) or comparison.rust.has_uncertain_part(old, new):
        return ""
    return "" if fact_value(old, RustFact.HERE) else fact_value(new, RustFact.HERE)
