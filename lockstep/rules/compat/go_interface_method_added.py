"""A Go interface that users may implement requires more.

## What it does
Finds methods and embedded interfaces that are new in an interface without unexported methods. One with such a method is closed: nobody else
can implement it, so that it may grow.

## Why
Every type of users that satisfied the interface satisfies it no more.

## Example
```
a.go:5 go-interface-method-added: a.Store requires Sync now
```

## Source
https://go.dev/blog/module-compatibility#working-with-interfaces
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
    """Look at interfaces that were open before."""
    for old, new in comparison.pairs():
        if old.kind is not ItemKind.INTERFACE or new.kind is not ItemKind.INTERFACE or "sealed" in old.traits:
            continue
        methods = [item for item in comparison.added() if item.path.rpartition(".")[0] == new.path and "interface" in item.traits]
        more = [(new, parent) for parent in new.bases if parent not in old.bases]
        more += [(item, item.path.rpartition(".")[2]) for item in methods]
        for item, name in more:
            yield comparison.finding(
                rule="go-interface-method-added",
                impact=IMPACT,
                old=None,
                new=item,
                message=f"{new.path} requires {name} now",
                help="declare a second interface with the new method, and ask for it by a type assertion",
            )
