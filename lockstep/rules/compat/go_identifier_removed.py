"""An exported Go identifier was removed.

## What it does
Finds functions, methods, types, fields, constants and variables that importers could name and cannot any more; of a type that was removed, its
fields and methods are not listed.

## Why
Code that names it does not compile.

## Example
```
ordvec-go/ordvec.go:182 go-identifier-removed: func ordvec.Probe was removed
```

## Source
https://go.dev/blog/module-compatibility and https://pkg.go.dev/golang.org/x/exp/apidiff
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("go",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that were removed."""
    for old in comparison.removed():
        if old.kind in (ItemKind.MODULE, ItemKind.FLOOR) or comparison.is_removed(old.path.rpartition(".")[0]):
            continue
        if old.condition is not None and any(path.startswith(f"{old.path} [") for path in comparison.head.items):
            continue  # another platform's
        yield comparison.finding(
            rule="go-identifier-removed",
            impact=IMPACT,
            old=old,
            new=None,
            message=f"{old.path} was removed (`{old.signature}`)",
            help="keep it, with a comment `Deprecated:`, until the next breaking release",
        )
