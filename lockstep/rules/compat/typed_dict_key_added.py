"""A dictionary must have a key that it did not need.

## What it does
Reports a required key that came to a TypedDict.

## Why
Type checkers reject dictionaries without it.

## Example
```python
class Egg(TypedDict):
    size: int  # new
```

## Source
[TypedDict](https://typing.python.org/en/latest/spec/typeddict.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such key."""
    for old, new, before, after in comparison.python.typed_dicts:
        for name in [one for one, required in after.items() if required and one not in before]:
            yield comparison.finding(
                rule="typed-dict-key-added",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} requires the key {name!r}, which is new",
                help="make it NotRequired, or name the change",
            )
