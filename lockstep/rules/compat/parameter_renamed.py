"""A parameter that callers can name has another name.

## What it does
Reports a new name in the place of an old one. Positional-only parameters, `*args` and `**kwargs` have names that nobody can write. Where the
old name is still that of an optional parameter further on, both calls may mean what they meant, and a person must look.

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
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.RENAMED):
        field = comparison.base.items.get(f"{old.path}.{change.before.name}")
        if field is not None and Trait.FIELD in field.traits and comparison.is_removed(field.path):
            continue  # the field of a dataclass, which is reported as a name
        yield comparison.finding(
            rule="parameter-renamed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"parameter {change.before.name} of {old.path} was renamed to {change.after.name}",
            help=f"take {change.before.name} too for a while, with a DeprecationWarning, or name the change in a migration note",
            witness=called(old, comparison.base, by_name=frozenset((change.before.name,))),
            unless=Trait.OTHER_CALL,
        )
    for old, new, change in comparison.python.parameter_changes(Fault.ALIASED):
        yield comparison.finding(
            rule="parameter-renamed",
            impact=Impact.REVIEW,
            old=old,
            new=new,
            message=f"{old.path} has {change.after.name} in the position of {change.before.name}, which it still takes",
            help=f"check whether {change.before.name} still does what it did",
            unless=Trait.OTHER_CALL,
        )
