"""A type parameter of a class takes fewer types.

## What it does
Compares bounds and constraints of the type parameters of classes, place by place.

## Why
Type checkers reject `Egg[str]`.

## Example
```python
class Egg[T: int]: ...  # was: class Egg[T]
```

## Source
[Generics](https://typing.python.org/en/latest/spec/generics.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_assignability import Answer, assignable
from lockstep.comparison.typed_signatures import bound
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every bound that no longer takes what was taken."""
    names = comparison.python
    for old, new in names.classes:
        known = names.hierarchy(new)
        for before, after in zip(old.type_parameters, new.type_parameters, strict=False):
            if (before.bound, before.constraints) != (after.bound, after.constraints) and assignable(bound(before), bound(after), known) is Answer.NO:
                yield comparison.finding(
                    rule="type-parameter-narrowed",
                    impact=IMPACT,
                    old=old,
                    new=new,
                    message=f"{new.path} takes fewer types for {after.name}",
                    help="take what was taken, or name the change",
                )
