"""A Go module has another path.

## What it does
Compares the `module` lines of the go.mod files that the package ships. A path that ends in another major version (`/v2`) is another path
too, as Go means it.

## Why
The path is what every import says: users must rewrite them all, and a program that uses both paths holds two copies of every type.

## Example
```
ordvec-go/go.mod:1 go-module-path-changed: the module changed from github.com/old/a/go to github.com/new/a/go
```

## Source
https://go.dev/ref/mod#module-path and https://go.dev/doc/modules/major-version
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
    """Compare the paths of the modules; one that was removed with its folder is missed by its path."""
    still = {item.value for item in comparison.head.items.values() if item.kind is ItemKind.MODULE}
    if not still and comparison.head.blind:
        return
    for old in comparison.base.items.values():
        if old.kind is not ItemKind.MODULE or old.value in still:
            continue
        new = comparison.head.items.get(old.path)
        yield comparison.finding(
            rule="go-module-path-changed",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"the module changed from {old.value} to {new.value}" if new is not None else f"the module {old.value} was removed",
            help="tell users which import paths to write; a module at the old path can be marked deprecated or retracted",
            witness=f'import "{old.value}"',
        )
