"""Objects of a class can no longer be compared with `<`.

## What it does
Reports a dataclass without `order=True` that had it, and other classes that lost their comparisons.

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
from lockstep.policy import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if (
            Trait.ORDERED in old.traits
            and Trait.ORDERED not in new.traits
            and f"{old.path}.__lt__" not in comparison.base.items
            and not any(comparison.python.lost_bases(old, new))
        ):
            yield comparison.finding(
                rule="class-made-unordered",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"objects of {new.path} can no longer be compared with <",
                help="keep the order, or name the change in a migration note",
                witness=f"{old.name.lower()} < other",
            )
