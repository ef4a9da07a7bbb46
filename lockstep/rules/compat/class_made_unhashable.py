"""Objects of a class can no longer be hashed.

## What it does
Reports a class whose `__hash__` went: an `__eq__` came without it, `__hash__ = None` was written, a dataclass with `eq` is no longer
frozen.

## Why
`{egg}` and `{egg: 1}` fail with TypeError.

## Example
```python
class Egg:
    def __eq__(self, other): ...  # and no __hash__
```

## Source
[object.__hash__](https://docs.python.org/3/reference/datamodel.html#object.__hash__)
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
        if Trait.UNHASHABLE in new.traits and Trait.UNHASHABLE not in old.traits:
            yield comparison.finding(
                rule="class-made-unhashable",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"objects of {new.path} can no longer be hashed",
                help="give it a __hash__, or name the change in a migration note",
                witness=f"{{{old.name.lower()}}}",
            )
