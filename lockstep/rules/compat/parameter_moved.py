"""An argument given by position goes to another parameter.

## What it does
Reports parameters that changed their order, and a new optional one in front of old ones. The order of keyword-only parameters means
nothing.

## Why
Old calls still run, or fail, with values in the wrong places.

## Example
```python
def cook(eggs, oil=2, salt=1): ...  # was: def cook(eggs, salt=1, oil=2)
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
from lockstep.surface import Item, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.MOVED):
        yield comparison.finding(
            rule="parameter-moved",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{change.before.name} of {old.path} moved {_positions(old, new, change.before.name)}",
            help="put new parameters last, or make them keyword-only",
            witness=called(old, comparison.base, up_to=change.before.name),
            unless=Trait.OTHER_CALL,
        )


def _positions(old: Item, new: Item, name: str) -> str:
    """Say from which position to which a parameter moved, counted from 1 without `self`."""
    before, after = ([one.name for one in item.call.parameters] if item.call is not None else [] for item in (old, new))
    if name not in before or name not in after:
        return "to another position"
    return f"from position {before.index(name) + 1} to {after.index(name) + 1}"
