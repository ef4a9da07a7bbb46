"""Objects of a class are equal only to themselves.

## What it does
Reports a class that no longer has an `__eq__`, written or made by a dataclass.

## Why
`==` still runs and gives another answer.

## Example
```python
class Egg: ...  # was: @dataclass
```

## Source
[object.__eq__](https://docs.python.org/3/reference/datamodel.html#object.__eq__)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if Trait.EQUATED in old.traits and Trait.EQUATED not in new.traits:
            written = comparison.base.items.get(f"{old.path}.__eq__")
            yield comparison.finding(
                rule="class-equality-lost",
                impact=IMPACT,
                old=written or old,
                new=None if written else new,
                message=f"objects of {new.path} are equal only to themselves: __eq__ was removed",
                help="keep an __eq__, or check that nobody compares",
            )
