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

from lockstep.calling import same_value
from lockstep.constants import enum_value, is_literal
from lockstep.model import Finding, Level
from lockstep.policy import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every member whose value is another one."""
    for old, new in comparison.python.attributes:
        if Trait.MEMBER not in old.traits or Trait.MEMBER not in new.traits or old.value is None or new.value is None:
            continue
        was, now = (enum_value(one, surface) for one, surface in ((old, comparison.base), (new, comparison.head)))
        if same_value(was, now):
            continue
        automatic = "auto()" in {old.value.rpartition(".")[2], new.value.rpartition(".")[2]}
        yield comparison.finding(
            rule="enum-value-changed",
            impact=Impact.REVIEW if automatic or not (is_literal(was) and is_literal(now)) else IMPACT,
            old=old,
            new=new,
            message=f"{new.path} is {now}, and was {was}",
            help="check that nobody stored the value" if automatic else "keep the value, or name the change in a migration note",
            witness=None if automatic else f"{old.path.split('.')[-2]}({was})",
        )
