"""The layout of a C struct changed.

## What it does
Compares the fields of structs and unions that callers see: one more, one less, another type, another order. A field appended counts too: the
caller allocates the struct, and a library that checks `struct_size` rejects the size of the older one. Structs that callers only point to
(opaque) have no layout. A field that takes the place of reserved ones is for a person to look at.

## Why
A compiled program reads and writes at the offsets of the last release.

## Example
```
include/a.h:36 c-struct-changed: the layout of a_info changed: `uint32_t flags` is new
```

## Source
https://abi-laboratory.pro/index.php?view=breakage_reports and ordvec's compatibility policy
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
        Fault.STRUCT_CHANGED,
        rule="c-struct-changed",
        impact=IMPACT,
        help="raise the ABI version and say so in the notes; a reserved field, or an opaque struct, leaves room for next time",
    )
