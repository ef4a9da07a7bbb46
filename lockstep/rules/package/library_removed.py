"""A crate no longer has a library.

## What it does
Finds crates that others could depend on and that now hold a program alone, or a library for other languages. One finding stands for all names.

## Why
`use` of anything in it no longer compiles.

## Example
```
spam/Cargo.toml:1 library-removed: the crate spam no longer has a library
  - spam = "0.4.0"
```

## Source
https://doc.rust-lang.org/cargo/reference/cargo-targets.html#library
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.packages import ChangeKind, PackageChange
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING


def check(change: PackageChange) -> Iterator[Finding]:
    """Ask for this fault."""
    if change.kind is ChangeKind.LIBRARY_LOST:
        yield change.finding(
            rule="library-removed",
            impact=IMPACT,
            message=f"the crate {change.package.name} no longer has a library",
            help="keep a library that offers what others used, until the next breaking release",
        )
