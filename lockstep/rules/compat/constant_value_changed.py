"""A constant has another value.

## What it does
Compares values, not their spelling. `__version__` is not compared, a default of a field is compared as one of the constructor, and long or
computed values only where the name is that of a constant.

## Why
Who relied on the value gets another result; whether that is a fix or a break, only a person knows.

## Example
```python
LIMIT = 20  # was: 10
```

## Source
lockstep's policy: a value is behaviour, and behaviour is reviewed
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.constants import is_compared
from lockstep.comparison.signatures import same_value
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every constant that has another value."""
    for old, new, was, now in comparison.python.constants:
        if not same_value(was, now) and is_compared(old, was, now):
            yield comparison.finding(
                rule="constant-value-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is {now}, and was {was}",
                help="check that nobody relies on the old value",
            )
