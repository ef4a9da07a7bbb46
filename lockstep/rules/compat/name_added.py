"""A public name is new.

## What it does
Reports a module, class, function, method or variable that is new, at its shortest path. What is below it is not reported again.

## Why
It is something new: the changelog should say so, and at 1.0 and later it requires a minor release.

## Example
```python
def serve(): ...  # new
```

## Source
[SemVer 7](https://semver.org/#spec-item-7)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import is_type_variable, parent
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("python",)


def _is_a_duty(comparison: Comparison, new: Item, owner: Item) -> bool:
    """Say whether a new member of a class is a fault of its own, or a field whose parameter says it."""
    if Trait.PROTOCOL in owner.traits or Trait.REQUIRED in new.traits or (Trait.ABSTRACT in new.traits and Trait.ABSTRACT in owner.traits):
        return True
    if Trait.NAMEDTUPLE in owner.traits and Trait.FIELD in new.traits:
        return True
    required = owner.call is not None and any(one.name == new.name and one.default is None for one in owner.call.parameters)
    return Trait.FIELD in new.traits and required and owner.path in comparison.base.items


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report what is new and asks nothing of anybody."""
    for new in comparison.python.added:
        owner = comparison.head.items.get(parent(new.path))
        if is_type_variable(new) or (owner is not None and _is_a_duty(comparison, new, owner)):
            continue
        yield comparison.finding(
            rule="name-added",
            impact=IMPACT,
            old=None,
            new=new,
            message=f"{new.path} is new",
            help="name it in the changelog",
        )
