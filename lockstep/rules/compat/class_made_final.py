"""A class may no longer be inherited from.

## What it does
Reports `@final` that came to a class, and a native class that Python can no longer inherit from.

## Why
Type checkers reject `class Mine(Egg)`; for a native class it fails.

## Example
```python
@final
class Egg: ...
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
    """Report every class that was made final."""
    for old, new in comparison.python.classes:
        if Trait.FINAL in new.traits and Trait.FINAL not in old.traits:
            native = Trait.NATIVE in new.traits
            yield comparison.finding(
                rule="class-made-final",
                impact=Impact.BREAKING if native else IMPACT,
                old=old,
                new=new,
                message=f"{new.path} may no longer be inherited from",
                help="leave it open, or name the change",
                witness=f"class Mine({old.name}): ..." if native else None,
            )
