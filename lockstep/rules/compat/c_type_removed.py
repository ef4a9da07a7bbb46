"""A C type was removed.

## What it does
Finds structs, unions, enums and typedefs that public headers declared and declare no more.

## Why
Source that names the type does not compile.

## Example
```
include/a.h:2 c-type-removed: type a_count was removed
```

## Source
https://en.cppreference.com/w/c/language/typedef
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
        Fault.TYPE_REMOVED,
        rule="c-type-removed",
        impact=IMPACT,
        help="keep a typedef under the old name until the next breaking release",
    )
