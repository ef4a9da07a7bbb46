"""A parameter was removed.

## What it does
Reports a parameter that callers could give and no longer can. One that `*args` or `**kwargs` still takes is not gone, and a field of a
dataclass that was removed is reported as a name.

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
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.REMOVED):
        field = comparison.base.items.get(f"{old.path}.{change.before.name}")
        if field is not None and Trait.FIELD in field.traits and comparison.is_removed(field.path):
            continue  # the field of a dataclass, which is reported as a name
        yield comparison.finding(
            rule="parameter-removed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} no longer takes {change.before.name}",
            help="take it and ignore it for a while, with a DeprecationWarning, or name the change in a migration note",
            witness=called(old, comparison.base, by_name=frozenset((change.before.name,)), up_to=change.before.name),
            unless=Trait.OTHER_CALL,
        )
