"""No object of a class can be made any more.

## What it does
Reports a class that got methods that a child must write.

## Why
`Egg()` fails with TypeError.

## Example
```python
class Egg(ABC):
    @abstractmethod  # was not there
    def boil(self): ...
```

## Source
[abc](https://docs.python.org/3/library/abc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.witness import made
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
        if Trait.ABSTRACT in new.traits and Trait.ABSTRACT not in old.traits and Trait.PROTOCOL not in old.traits:
            yield comparison.finding(
                rule="class-made-abstract",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"no object of {new.path} can be made: it is abstract",
                help="give the methods bodies, or name the change in a migration note",
                witness=made(old),
            )
