"""A new parameter takes what went to `**kwargs`.

## What it does
Reports a new optional parameter of a function that took any keyword before.

## Why
A caller that gave this keyword gave it to `**kwargs`; now it goes elsewhere, and may mean another thing.

## Example
```python
def cook(eggs, *, salt=None, **options): ...  # was: def cook(eggs, **options)
```

## Source
[Calls](https://docs.python.org/3/reference/expressions.html#calls)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.signatures import Fault
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.SHADOWS):
        yield comparison.finding(
            rule="parameter-shadows-keyword",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} takes {change.after.name} itself, which went to **{change.before.name} before",
            help="check that a caller who gave it before gets what they got",
        )
