"""A key became required, or optional.

## What it does
Reports a key of a TypedDict that must be given now, or that may be missing now.

## Why
Type checkers reject dictionaries without it, or reading it.

## Example
```python
class Egg(TypedDict):
    size: NotRequired[int]  # was: int
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
        for name in [one for one, required in after.items() if before.get(one, required) is not required]:
            yield comparison.finding(
                rule="typed-dict-key-requirement-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"the key {name!r} of {new.path} is {'required' if after[name] else 'optional'}, and was not",
                help="keep it as it was, or name the change",
            )
