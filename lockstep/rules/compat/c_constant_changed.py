"""A C constant has another value.

## What it does
Compares enumerators and macros by the numbers that they stand for: an enumerator inserted in the middle moves all after it. What is no
number, the bodies of macros, and counts at the end of an enum (`..._COUNT`, `..._MAX`) are for a person to look at. Versions move with
each release.

## Why
The number was compiled into programs: they and the library now mean different things by it.

## Example
```
include/a.h:4 c-constant-changed: A_C changed from 2 to 3
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
    yield from comparison.c_findings(
        Fault.CONSTANT_CHANGED,
        rule="c-constant-changed",
        impact=IMPACT,
        help="append new values at the end, or write their numbers; else raise the ABI version and say so in the notes",
    )
