"""A parameter is gone.

## What it does
Reports a parameter that callers could give and no longer can. One that `*args` or `**kwargs` still takes is not gone, and a field of a
dataclass that is gone is reported as a name.

## Why
Every call that gives it fails with TypeError.

## Example
```python
def cook(eggs): ...  # was: def cook(eggs, salt=None)
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

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, changes in comparison.python.calls:
        for change in changes.of(Fault.REMOVED):
            assert change.old is not None
            if f"{old.path}.{change.old.name}" in comparison.base.items and f"{old.path}.{change.old.name}" not in comparison.head.items:
                continue
            yield comparison.finding(
                rule="parameter-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{old.path} no longer takes {change.old.name}",
                help="take it and ignore it for a while, with a DeprecationWarning, or name the change in a migration note",
                witness=called(old, comparison.base, by_name=frozenset((change.old.name,)), up_to=change.old.name),
            )
