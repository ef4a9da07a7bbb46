"""A package is new.

## What it does
Finds packages that users can ask a registry for and could not before: new in the repository, or private until now.

## Why
It is a promise from here on: its name, and all that it offers.

## Example
```
spam-cli/Cargo.toml:1 package-added: the crate spam-cli is new
  + spam-cli = "0.5.0"
```

## Source
https://semver.org/#spec-item-7
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.packages import ChangeKind, PackageChange
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION


def check(change: PackageChange) -> Iterator[Finding]:
    """Ask for this change."""
    if change.kind in (ChangeKind.ADDED, ChangeKind.PUBLISHED):
        how = "new" if change.kind is ChangeKind.ADDED else "published from here on"
        yield change.finding(
            rule="package-added", impact=IMPACT, message=f"the {change.noun} {change.package.name} is {how}", help="say in the notes what it is for"
        )
