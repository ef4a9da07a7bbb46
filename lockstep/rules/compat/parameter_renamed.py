"""A parameter that callers can name has another name.

## What it does
Reports a new name in the place of an old one. Positional-only parameters, `*args` and `**kwargs` have names that nobody can write.

## Why
Every call that gives it by its name fails with TypeError.

## Example
```python
def cook(meat): ...  # was: def cook(eggs)
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
        for change in changes.of(Fault.RENAMED):
            assert change.old is not None
            assert change.new is not None
            if f"{old.path}.{change.old.name}" in comparison.base.items and f"{old.path}.{change.old.name}" not in comparison.head.items:
                continue
            yield comparison.finding(
                rule="parameter-renamed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{old.path} takes {change.new.name} where it took {change.old.name}",
                help=f"take {change.old.name} too for a while, with a DeprecationWarning, or name the change in a migration note",
                witness=called(old, comparison.base, by_name=frozenset((change.old.name,))),
            )
