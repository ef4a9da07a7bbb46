"""An enumeration lists its members in another order.

## What it does
Compares the order of the members that are there in both versions.

## Why
`list(Color)` and a command line made of it show another order.

## Example
```python
class Color(Enum):
    BLUE = 2  # was behind RED
    RED = 1
```

## Source
[enum](https://docs.python.org/3/library/enum.html)
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
    """Report every enumeration whose order is another one."""
    for old, new, before, after in comparison.python.enums:
        if [one for one in before if one in after] != [one for one in after if one in before]:
            yield comparison.finding(
                rule="enum-members-reordered",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} lists its members in another order",
                help="put new members last",
            )
