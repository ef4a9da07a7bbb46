"""A C type name means another type.

## What it does
Compares what typedefs stand for, and whether a name is a struct, a union, an enum or a typedef.

## Why
Another width moves every field and argument of the type; another kind changes how callers write it.

## Example
```
include/a.h:1 c-type-changed: a_status was uint32_t, and is int32_t
```

## Source
https://abi-laboratory.pro/index.php?view=breakage_reports
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.c_abi import Fault, breaks
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("c",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Ask for this fault."""
    for one in breaks(comparison.base, comparison.head):
        if one.fault is Fault.TYPE_CHANGED:
            yield comparison.finding(
                rule="c-type-changed",
                impact=IMPACT if one.sure else Impact.REVIEW,
                old=one.old,
                new=one.new,
                message=one.message,
                help="raise the ABI version and say so in the notes",
            )
