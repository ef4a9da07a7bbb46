"""A child of a class must write a method that it did not have to.

## What it does
Reports an abstract method that came to a class that was abstract already, and so was made to be inherited from.

## Why
A child without the method can no longer be made: TypeError.

## Example
```python
class Egg(ABC):
    @abstractmethod
    def fry(self): ...  # new
```

## Source
[abc](https://docs.python.org/3/library/abc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every method that became a duty."""
    names = comparison.python
    for old, new in names.classes_with(Trait.ABSTRACT):
        if Trait.PROTOCOL in old.traits:
            continue
        for duty in names.members(new):
            if Trait.ABSTRACT not in duty.traits or duty.kind is ItemKind.CLASS:
                continue
            before = comparison.base.items.get(f"{old.path}.{duty.name}")
            if before is None or Trait.ABSTRACT not in before.traits:
                yield comparison.finding(
                    rule="abstract-method-added",
                    impact=IMPACT,
                    old=before,
                    new=duty,
                    message=f"every subclass of {new.path} must define {duty.name}",
                    help="give it a body that says what is missing, or name the change in a migration note",
                    witness=f"class Mine({old.name}): ...  # without {duty.name}",
                )
