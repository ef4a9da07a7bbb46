"""A Go module needs a newer Go.

## What it does
Compares the `go` lines of go.mod; 1.22 and 1.22.0 are one.

## Why
Since Go 1.21 an older toolchain refuses the module, or fetches a newer one if it may.

## Example
```
go.mod:3 go-version-raised: go was 1.22, and is 1.24
```

## Source
https://go.dev/ref/mod#go-mod-file-go
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind
from lockstep.versions.ranges import minimum_raised

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("go",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the lines."""
    for old, new in comparison.pairs():
        if old.kind is ItemKind.FLOOR and minimum_raised(old.value, new.value):
            yield comparison.finding(
                rule="go-version-raised",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"go was raised from {old.value} to {new.value}",
                help="name the new floor in the notes",
            )
