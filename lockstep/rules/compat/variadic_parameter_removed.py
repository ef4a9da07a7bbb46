"""A function no longer takes any number of arguments.

## What it does
Reports `*args` or `**kwargs` that are gone.

## Why
Calls that give more than what is listed now fail with TypeError.

## Example
```python
def cook(eggs): ...  # was: def cook(eggs, **options)
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
from lockstep.surface import ParameterKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.VARIADIC_REMOVED):
        yield comparison.finding(
            rule="variadic-parameter-removed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{old.path} no longer takes {'**' if change.before.kind is ParameterKind.VAR_KEYWORD else '*'}{change.before.name}",
            help="keep it, or name the change in a migration note",
            witness=called(old, comparison.base, by_name=frozenset((change.before.name,))),
            unless=Trait.OTHER_CALL,
        )
