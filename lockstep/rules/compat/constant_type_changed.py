"""A constant is another kind of value.

## What it does
Compares the values of variables where both are written out. Numbers among themselves are no other kind.

## Why
What is done with it (`LIMIT + 1`, `NAMES.append`) fails with TypeError or AttributeError.

## Example
```python
LIMIT = "ten"  # was: 10
```

## Source
[PEP 387](https://peps.python.org/pep-0387/), on what is public and what breaks it
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.constants import other_kind
from lockstep.comparison.witness import imported
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def _is_declared(old: Item, new: Item) -> bool:
    """Say whether the type that allows both was written down."""
    return old.annotation is not None and old.annotation == new.annotation and not (old.traits | new.traits) & {Trait.INFERRED}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every constant whose value is of another kind."""
    for old, new, was, now in comparison.python.constants:
        if other_kind(was, now) and not _is_declared(old, new):
            yield comparison.finding(
                rule="constant-type-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is {now}, and was {was}",
                help="keep the kind of value, or name the change in a migration note",
                witness=f"{imported(old.path)}",
            )
