"""A parameter can be given by position alone.

## What it does
Reports a parameter that could be given by its name and now stands before `/`, or is left to `*args`.

## Why
Every call that gives it by its name fails with TypeError.

## Example
```python
def cook(eggs, /): ...  # was: def cook(eggs)
```

## Source
[PEP 570](https://peps.python.org/pep-0570/)
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
    for old, new, change in comparison.python.parameter_changes(Fault.MADE_POSITIONAL_ONLY):
        yield comparison.finding(
            rule="parameter-made-positional-only",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} takes {change.before.name} by position only",
            help="take it by its name for a while, or name the change in a migration note",
            witness=called(old, comparison.base, by_name=frozenset((change.before.name,))),
            unless=Trait.OTHER_CALL,
        )
