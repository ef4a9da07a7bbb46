"""A class asks its bases in another order.

## What it does
Compares the order of the public bases that are there in both versions.

## Why
Where two bases define the same name, the other one answers now.

## Example
```python
class Egg(Thing, Food): ...  # was: class Egg(Food, Thing)
```

## Source
[Method resolution order](https://docs.python.org/3/howto/mro.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)

_EMPTY = {"typing.Generic", "typing.Protocol", "abc.ABC", "builtins.object"}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if sorted(old.bases) == sorted(new.bases) and old.bases != new.bases and len(set(old.bases) - _EMPTY) > 1:
            yield comparison.finding(
                rule="class-bases-reordered",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} asks its bases in another order",
                help="check that no name comes from another base now",
            )
