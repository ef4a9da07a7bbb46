"""Objects of a class no longer take new attributes.

## What it does
Reports `__slots__` that came to a class whose bases all have them; a base without them gives every object a `__dict__`, and nothing
changes.

## Why
`egg.note = 1` fails with AttributeError, and so do weak references.

## Example
```python
class Egg:
    __slots__ = ("weight",)
```

## Source
[__slots__](https://docs.python.org/3/reference/datamodel.html#slots)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        abstract = Trait.ABSTRACT in old.traits and Trait.ABSTRACT in new.traits
        if Trait.SLOTS in new.traits and Trait.SLOTS not in old.traits and not abstract and not new.traits & {Trait.NATIVE, Trait.ENUM, Trait.NAMEDTUPLE}:
            yield comparison.finding(
                rule="class-slots-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"objects of {new.path} take no attributes but those of __slots__",
                help="add `__dict__` to __slots__, or name the change in a migration note",
                witness=f"{old.name.lower()}.note = 1",
            )
