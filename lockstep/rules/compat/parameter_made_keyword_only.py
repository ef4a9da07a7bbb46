"""A parameter can be given by its name alone.

## What it does
Reports a parameter that could be given by position and now stands behind `*`, or is left to `**kwargs`.

## Why
Every call that gives it by position fails with TypeError.

## Example
```python
def cook(eggs, *, salt=None): ...  # was: def cook(eggs, salt=None)
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
    for old, new, change in comparison.python.parameter_changes(Fault.MADE_KEYWORD_ONLY):
        yield comparison.finding(
            rule="parameter-made-keyword-only",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} takes {change.before.name} by keyword only",
            help="take it by position for a while, with a DeprecationWarning, or name the change in a migration note",
            witness=called(old, comparison.base, up_to=change.before.name),
            unless=Trait.OTHER_CALL,
        )
