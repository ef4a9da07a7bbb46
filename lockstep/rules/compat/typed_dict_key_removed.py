"""A dictionary no longer has a key.

## What it does
Reports a key that went from a TypedDict.

## Why
Type checkers reject reading it, and dictionaries that give it.

## Example
```python
class Egg(TypedDict):
    weight: int  # size: int was removed
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
        for name in [one for one in before if one not in after]:
            yield comparison.finding(
                rule="typed-dict-key-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer has the key {name!r}",
                help="keep it as NotRequired, or name the change",
            )
