"""A C type name means another type.

## What it does
Compares what typedefs stand for, and whether a name is a struct, a union, an enum or a typedef.

## Why
Another width moves every field and argument of the type; another kind changes how callers write it.

## Example
```
include/a.h:1 c-type-changed: a_status changed from uint32_t to int32_t
```

## Source
https://abi-laboratory.pro/index.php?view=breakage_reports
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
    yield from comparison.c_findings(Fault.TYPE_CHANGED, rule="c-type-changed", impact=IMPACT, help="raise the ABI version and say so in the notes")
