"""An exported Go constant has another value.

## What it does
Compares the values of constants, `iota` counted out. Strings and numbers that look like the version of the library move with each release.

## Why
Go compiles the value into importers anew, so that code goes on to work; what was stored or sent under the old number means something else.

## Example
```
a.go:8 go-constant-changed: a.C changed from 1 to 2
```

## Source
https://go.dev/ref/spec#Constants
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.go_aliases import resolved
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("go",)


_VERSION = pattern(r"(?:Version|Release|Revision)(?:Major|Minor|Patch|String|Number)?$")


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the values."""
    for old, new in comparison.pairs():
        if old.kind is not ItemKind.CONSTANT or new.kind is not ItemKind.CONSTANT or old.value == new.value or _VERSION.search(new.path):
            continue
        before, after = resolved(old, comparison.base.items) or old, resolved(new, comparison.head.items) or new
        if before.value != after.value:
            yield comparison.finding(
                rule="go-constant-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed from {before.value} to {after.value}",
                help="look whether the value is stored or sent anywhere; append new values at the end",
            )
