"""A method may no longer be overridden.

## What it does
Reports `@final` that came to a method.

## Why
Type checkers reject a child that overrides it; it still runs.

## Example
```python
class Egg:
    @final
    def boil(self): ...
```

## Source
[final](https://typing.python.org/en/latest/spec/qualifiers.html#final)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of methods."""
    for old, new in comparison.python.methods:
        if Trait.FINAL in new.traits and Trait.FINAL not in old.traits:
            yield comparison.finding(
                rule="method-made-final",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} may no longer be overridden",
                help="leave it open, or name the change",
            )
