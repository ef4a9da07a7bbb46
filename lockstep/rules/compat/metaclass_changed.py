"""A class has another metaclass.

## What it does
Compares metaclasses; `ABCMeta` that comes with a base is not reported.

## Why
A class that combines it with a class of another metaclass fails with a metaclass conflict.

## Example
```python
class Egg(metaclass=Meta): ...
```

## Source
[Metaclasses](https://docs.python.org/3/reference/datamodel.html#metaclasses)
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


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if old.metaclass != new.metaclass and new.metaclass not in {None, "abc.ABCMeta"}:
            yield comparison.finding(
                rule="metaclass-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} has the metaclass {new.metaclass}, and had {old.metaclass or 'type'}",
                help="check that it can still be combined with other classes",
            )
