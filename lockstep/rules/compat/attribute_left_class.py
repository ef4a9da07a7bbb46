"""An attribute is no longer on the class.

## What it does
Reports an attribute with a value in the class body that only objects have now.

## Why
`Egg.weight` fails with AttributeError.

## Example
```python
class Egg:
    def __init__(self):
        self.weight = 1  # was: weight = 1 in the class
```

## Source
[Class instances](https://docs.python.org/3/reference/datamodel.html#class-instances)
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
    """Report what could be read from the class."""
    for old, new in comparison.python.attributes:
        on_class = old.kind is ItemKind.ATTRIBUTE and old.value is not None and not old.traits & {Trait.INSTANCE, Trait.FIELD}
        owner = comparison.head.items.get(parent(new.path))
        if on_class and Trait.INSTANCE in new.traits and not (owner is not None and Trait.NAMEDTUPLE in owner.traits):  # whose fields the class has
            yield comparison.finding(
                rule="attribute-left-class",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is an attribute of objects alone, and was one of the class",
                help="keep the value in the class body too",
                witness=".".join(old.path.split(".")[-2:]),
            )
