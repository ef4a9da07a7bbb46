"""An exported Go identifier is new.

## What it does
Finds functions, methods, types, fields, constants and variables that were not there before; of a new type, its fields and methods are not
listed. A field more breaks only literals without field names, which Go's own promise leaves out.

## Why
Users cannot use what no changelog names.

## Example
```
ordvec-go/ordvec.go:182 go-identifier-added: ordvec.Probe is new
```

## Source
https://go.dev/doc/go1compat and https://go.dev/blog/module-compatibility
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("go",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that are new; a method that an open interface asks for has a rule of its own."""
    for new in comparison.added():
        parent = new.path.rpartition(".")[0]
        if new.kind in (ItemKind.MODULE, ItemKind.FLOOR) or comparison.is_added(parent):
            continue
        if " [" in new.path or _is_asked_for(comparison.base.items.get(parent)):
            continue
        yield comparison.finding(
            rule="go-identifier-added",
            impact=IMPACT,
            old=None,
            new=new,
            message=f"{new.path} is new (`{new.signature}`)",
            help="name it in the changelog",
        )


def _is_asked_for(parent: Item | None) -> bool:
    return parent is not None and parent.kind is ItemKind.INTERFACE and "sealed" not in parent.traits
