"""An attribute can no longer be deleted.

## What it does
Reports a property that lost its deleter.

## Why
`del egg.weight` fails with AttributeError.

## Example
```python
class Egg:
    @property
    def weight(self): ...  # and no @weight.deleter any more
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
from lockstep.surface import ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of attributes."""
    for old, new in comparison.python.attributes:
        if Trait.DELETABLE in old.traits and Trait.DELETABLE not in new.traits and Trait.CACHED not in old.traits and old.kind is new.kind is ItemKind.PROPERTY:
            yield comparison.finding(
                rule="property-deleter-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} can no longer be deleted",
                help="keep a deleter, or name the change in a migration note",
                witness=f"del {parent(old.path).rpartition('.')[2].lower()}.{old.name}",
            )
