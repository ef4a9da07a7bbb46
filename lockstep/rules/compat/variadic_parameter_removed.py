"""A function no longer takes any number of arguments.

## What it does
Reports `*args` or `**kwargs` that were removed.
Where `**kwargs` could go to the same method of a base, and all that it takes is listed now, a person must look.

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

from lockstep.comparison.python_items import parent
from lockstep.comparison.signatures import Fault
from lockstep.comparison.witness import called
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, ParameterKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)

_NAMED = {ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such parameter."""
    for old, new, change in comparison.python.parameter_changes(Fault.VARIADIC_REMOVED):
        listed = change.before.kind is ParameterKind.VAR_KEYWORD and _is_listed(comparison, old, new)
        yield comparison.finding(
            rule="variadic-parameter-removed",
            impact=Impact.REVIEW if listed else IMPACT,
            old=old,
            new=new,
            message=f"{old.path} no longer takes {'**' if change.before.kind is ParameterKind.VAR_KEYWORD else '*'}{change.before.name}",
            help="check that it was handed on to the base, and that all which the base takes is listed now"
            if listed
            else "keep it, or name the change in a migration note",
            witness=None if listed else called(old, comparison.base, by_name=frozenset((change.before.name,))),
            unless=Trait.OTHER_CALL,
        )


def _is_listed(comparison: Comparison, old: Item, new: Item) -> bool:
    """Say whether all that the same method of a base took by name is a parameter of its own now."""
    owner = old if old.kind is ItemKind.CLASS else comparison.base.items.get(parent(old.path))
    names = {one.name for one in new.call.parameters} if new.call is not None else set()
    for ancestor in owner.ancestors if owner is not None else ():
        above = comparison.base.items.get(ancestor if old.kind is ItemKind.CLASS else f"{ancestor}.{old.name}")
        if above is not None and above.call is not None and above.call.parameters:
            kinds = {one.kind for one in above.call.parameters}
            return ParameterKind.VAR_KEYWORD not in kinds and {one.name for one in above.call.parameters if one.kind in _NAMED} <= names
    return False
