"""A C function takes or gives something else.

## What it does
Compares the types of parameters and results, and of variables. Names of parameters do not count, a struct and its typedef are one type;
a typedef that means another type now is c-type-changed. A change that callers do not notice (a result where none was, `const` for a parameter)
is for a person to look at.

## Why
A compiled program passes what the function took before: what it reads is garbage, and nothing says so.

## Example
```
include/a.h:1 c-function-changed: a_open changed from `int a_open(const char*)` to `int a_open(const char*, int)`
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
        Fault.FUNCTION_CHANGED,
        rule="c-function-changed",
        impact=IMPACT,
        help="add a function with another name and keep this one, or raise the ABI version and say so in the notes",
    )
