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

from lockstep.comparison.packages import Fate, Turn
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION


def check(fate: Fate) -> Iterator[Finding]:
    """Ask for this change."""
    if fate.turn in (Turn.ADDED, Turn.PUBLISHED):
        how = "new" if fate.turn is Turn.ADDED else "published from here on"
        yield fate.finding(rule="package-added", impact=IMPACT, message=f"the {fate.kind} {fate.package.name} is {how}", help="say in the notes what it is for")
