"""A name is deprecated now.

## What it does
Reports `@deprecated` that came to a class or function.

## Why
It still works, and type checkers and warnings say so; the changelog should say what to use.

## Example
```python
@deprecated("use serve")
def cook(): ...
```

## Source
[PEP 702](https://peps.python.org/pep-0702/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.NOTE
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of items."""
    for old, new in comparison.python.pairs:
        if Trait.DEPRECATED in new.traits and Trait.DEPRECATED not in old.traits:
            yield comparison.finding(
                rule="name-deprecated",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is deprecated" + (f": {new.deprecation}" if new.deprecation else ""),
                help="say in the changelog what to use in its place",
            )
