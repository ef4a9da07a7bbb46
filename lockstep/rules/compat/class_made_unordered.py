"""Objects of a class can no longer be compared with `<`.

## What it does
Reports a dataclass without `order=True` that had it, a class without `@total_ordering`, and others that lost their comparisons.

## Why
`egg < other` and `sorted(eggs)` fail with TypeError.

## Example
```python
@dataclass  # was: @dataclass(order=True)
class Egg: ...
```

## Source
[dataclasses](https://docs.python.org/3/library/dataclasses.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every class that lost comparisons which nobody wrote one by one: those are names that were removed."""
    for old, new in comparison.python.classes:
        sign = _lost(comparison, old, new)
        if sign is None or any(comparison.python.bases.lost(old, new)):
            continue
        yield comparison.finding(
            rule="class-made-unordered",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"objects of {new.path} can no longer be compared with {sign}",
            help="keep the order, or name the change in a migration note",
            witness=f"{old.name.lower()} {sign} other",
        )


def _lost(comparison: Comparison, old: Item, new: Item) -> str | None:
    """Give a comparison that no longer works; `>` falls back on `<` of the other object."""
    if Trait.ORDERED in old.traits and Trait.ORDERED not in new.traits:
        return None if f"{old.path}.__lt__" in comparison.base.items else "<"
    if Trait.TOTAL_ORDERING in old.traits and Trait.TOTAL_ORDERING not in new.traits:
        written = {name for name in ("__lt__", "__le__", "__ge__") if f"{new.path}.{name}" in comparison.head.items}
        return "<=" if written == {"__lt__"} else None
    return None
