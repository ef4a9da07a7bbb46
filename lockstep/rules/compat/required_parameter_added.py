"""A new parameter must be given.

## What it does
Reports a new parameter without a default, a new field of a dataclass without one too.

## Why
Every old call fails with TypeError.

## Example
```python
def cook(eggs, salt): ...  # was: def cook(eggs)
```

## Source
[Calls](https://docs.python.org/3/reference/expressions.html#calls)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.signatures import Fault
from lockstep.comparison.witness import called
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.ADDED_REQUIRED):
        yield comparison.finding(
            rule="required-parameter-added",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} requires {change.after.name}, which is new",
            help="give it a default, or name the change in a migration note",
            witness=called(old, comparison.base),
            unless=Trait.OTHER_CALL,
        )
