"""An attribute can no longer be set.

## What it does
Reports a property that lost its setter, and an attribute of objects that became a property without one.

## Why
`egg.weight = 1` fails with AttributeError.

## Example
```python
class Egg:
    @property
    def weight(self): ...  # and no @weight.setter any more
```

## Source
[Data model](https://docs.python.org/3/reference/datamodel.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import parent
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def _is_set(item: Item, owner: Item | None) -> bool:
    if item.kind is ItemKind.PROPERTY:
        return Trait.SETTABLE in item.traits
    if Trait.NATIVE in item.traits:
        return Trait.SETTABLE in item.traits
    fixed = {Trait.FINAL, Trait.READONLY, Trait.MEMBER, Trait.CLASSVAR}
    return not item.traits & fixed and not (owner is not None and owner.traits & {Trait.FROZEN, Trait.NAMEDTUPLE})


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report what could be set and no longer can."""
    for old, new in comparison.python.attributes:
        owner = comparison.base.items.get(parent(old.path))
        if owner is None or owner.kind is not ItemKind.CLASS or (new.kind is not ItemKind.PROPERTY and Trait.NATIVE not in new.traits):
            continue
        if not _is_set(old, owner) or _is_set(new, comparison.head.items.get(parent(new.path))):
            continue
        yield comparison.finding(
            rule="property-setter-removed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{new.path} can no longer be set",
            help="keep a setter for a while, with a DeprecationWarning, or name the change in a migration note",
            witness=f"{owner.name.lower()}.{old.name} = {old.name}",
        )
