"""A C function or variable was removed.

## What it does
Finds functions and variables that public headers declared and declare no more, or only as a macro or inline. Where a part of the header
could not be read, a person decides.

## Why
A program that was linked against the last release does not start with this one, and its source does not compile.

## Example
```
include/ordvec.h:208 c-symbol-removed: function ordvec_index_probe was removed: programs that use it no longer link
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
        Fault.SYMBOL_REMOVED,
        rule="c-symbol-removed",
        impact=IMPACT,
        help="keep it, deprecated, until the next breaking release, or raise the ABI version and say so in the notes",
    )
