"""A C constant or macro was removed.

## What it does
Finds enumerators and macros that public headers defined and define no more.

## Why
Source that names it does not compile; a value that the library may still return has no name.

## Example
```
include/a.h:6 c-constant-removed: macro A_OLD was removed
```

## Source
https://en.cppreference.com/w/c/preprocessor/replace
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.c_abi import Fault
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("c",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such break."""
    yield from comparison.c_findings(
        Fault.CONSTANT_REMOVED,
        rule="c-constant-removed",
        impact=IMPACT,
        help="keep it, deprecated, until the next breaking release",
    )
