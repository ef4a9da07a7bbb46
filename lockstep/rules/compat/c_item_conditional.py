"""A C declaration stands under a condition now.

## What it does
Finds what every user had and only those have now for whom an `#if` holds. Include guards and what only C++ sees are no conditions.

## Why
Where the condition does not hold, the name does not exist.

## Example
```
include/a.h:9 c-item-conditional: a_open is there only where defined(A_OPEN) holds
```

## Source
https://en.cppreference.com/w/c/preprocessor/conditional
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.c_abi import Fault
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("c",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such break."""
    yield from comparison.c_findings(
        Fault.CONDITION_ADDED,
        rule="c-item-conditional",
        impact=IMPACT,
        help="look whether the condition holds wherever the last release was used",
    )
