"""An exported Go type, field or variable has another type.

## What it does
Compares what types stand for, the types of fields, variables and typed constants, the type parameters of types, and whether a type is a
struct, an interface or something else. A type that moved within the module and left an alias behind is the same type; an interface that asks
for more is go-interface-method-added.

## Why
Code that assigns to it, from it, or converts it does not compile.

## Example
```
a.go:7 go-type-changed: a.Status changed from `type Status uint32` to `type Status int32`
```

## Source
https://go.dev/blog/module-compatibility and https://pkg.go.dev/golang.org/x/exp/apidiff
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.go_aliases import resolved
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("go",)


_CODE = frozenset({ItemKind.STRUCT, ItemKind.INTERFACE, ItemKind.TYPE_ALIAS, ItemKind.FIELD, ItemKind.ATTRIBUTE, ItemKind.CONSTANT})


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is named by one name; a type that moved and left an alias behind is the same type."""
    for old, new in comparison.pairs():
        if (old.kind not in _CODE and new.kind not in _CODE) or not _differs(old, new):
            continue
        before, after = resolved(old, comparison.base.items), resolved(new, comparison.head.items)
        if before is not None and after is not None and not _differs(before, after):
            continue
        yield comparison.finding(
            rule="go-type-changed",
            impact=IMPACT if before is not None and after is not None else Impact.REVIEW,
            old=old,
            new=new,
            message=f"{new.path} changed from `{old.signature}` to `{new.signature}`",
            help="add a new name beside the old one, or say in the notes how to move",
        )


def _differs(old: Item, new: Item) -> bool:
    if old.kind is not new.kind:
        return True
    if old.kind in (ItemKind.ATTRIBUTE, ItemKind.CONSTANT) and (old.annotation is None or new.annotation is None):
        return False  # the compiler infers it
    return old.annotation != new.annotation or bool(set(old.bases) - set(new.bases))
