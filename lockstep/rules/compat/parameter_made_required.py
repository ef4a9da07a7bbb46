"""A parameter lost its default.

## What it does
Reports a parameter that could be left out and no longer can.

## Why
Every call that leaves it out fails with TypeError.

## Example
```python
def cook(eggs): ...  # was: def cook(eggs=1)
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
    for old, new, change in comparison.python.parameter_changes(Fault.MADE_REQUIRED):
        yield comparison.finding(
            rule="parameter-made-required",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} requires {change.after.name}, whose default {change.before.default} was removed",
            help="give it a default again, or name the change in a migration note",
            witness=called(old, comparison.base),
            unless=Trait.OTHER_CALL,
        )
