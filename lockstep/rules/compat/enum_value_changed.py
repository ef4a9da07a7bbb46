"""A member of an enumeration has another value.

## What it does
Compares values, not their spelling. What `auto()` gives is for a person to judge where members were put in front.

## Why
`Color(1)` fails, and what was stored with the old value is read as another member or not at all.

## Example
```python
class Color(Enum):
    RED = 10  # was: 1
```

## Source
[enum](https://docs.python.org/3/library/enum.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.constants import is_literal
from lockstep.comparison.signatures import same_value
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every member whose value is another one."""
    for old, new, before, after in comparison.python.enums:
        for name, was in before.items():
            now = after.get(name)
            if now is not None and not same_value(was, now):
                yield _finding(comparison, (comparison.base.items[f"{old.path}.{name}"], comparison.head.items[f"{new.path}.{name}"]), was, now)


def _finding(comparison: Comparison, member: tuple[Item, Item], was: str, now: str) -> Finding:
    old, new = member
    counted = any((one.value or "").rpartition(".")[2] == "auto()" for one in member)
    sure = not counted and is_literal(was) and is_literal(now)
    return comparison.finding(
        rule="enum-value-changed",
        impact=IMPACT if sure else Impact.REVIEW,
        old=old,
        new=new,
        message=f"{new.path} is {now}, and was {was}",
        help="keep the value, or name the change in a migration note" if sure else "check that nobody stored the value",
        witness=f"{old.path.split('.')[-2]}({was})" if sure else None,
    )
