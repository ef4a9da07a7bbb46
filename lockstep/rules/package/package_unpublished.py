"""A package is published no more.

## What it does
Finds packages that users could ask a registry for and now cannot: removed from the repository, made private (`publish = false`, a
`Private ::` classifier), or left with nothing to offer. One finding stands for all of its names.

## Why
Nobody gets a new version of it. Whoever depends on it stays at the last one, security fixes included.

## Example
```
spam-macros/Cargo.toml:1 package-unpublished: the crate spam-macros is private from here on: nobody can get a new version
  - spam-macros = "0.4.0"
```

## Source
https://doc.rust-lang.org/cargo/reference/manifest.html#the-publish-field, https://packaging.python.org/en/latest/specifications/pyproject-toml/#classifiers
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.packages import ChangeKind, PackageChange
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
_WHY = {
    ChangeKind.REMOVED: "was removed from the repository",
    ChangeKind.PRIVATE: "is private from here on",
    ChangeKind.UNUSABLE: "has nothing left that others can use",
}


def check(change: PackageChange) -> Iterator[Finding]:
    """Ask for this fault."""
    if change.kind in _WHY:
        yield change.finding(
            rule="package-unpublished",
            impact=IMPACT,
            message=f"the {change.noun} {change.package.name} {_WHY[change.kind]}: nobody can get a new version",
            help="publish a last version that says what to use instead, and say so in the notes",
        )
