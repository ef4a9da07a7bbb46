"""A C header was removed.

## What it does
Finds public headers that no `#include` by their old name reaches any more: below `include/`, the folder in the repository does not matter.

## Why
Source that includes it does not compile.

## Example
```
include/a/old.h:1 c-header-removed: header a/old.h was removed: #include <a/old.h> fails
```

## Source
https://en.cppreference.com/w/c/preprocessor/include
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
        Fault.HEADER_REMOVED,
        rule="c-header-removed",
        impact=IMPACT,
        help="leave a header there that includes the new one, until the next breaking release",
    )
