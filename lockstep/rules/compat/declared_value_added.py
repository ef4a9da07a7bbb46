"""A value is new among those that the project declared as promised.

## What it does
Compares the values that the configuration lists by a pattern (`kind = "values"`): a format more that is read, an option, a code, a key.

## Why
It is a promise from here on.

## Example
```
tests/help.txt:12 declared-value-added: options: dry-run is new (--dry-run)
```

## Source
https://semver.org/#spec-item-7
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for values that are new in a list that was there."""
    lists = {path.partition("#")[0] for path, item in comparison.base.items.items() if "listed" in item.traits}
    for new in comparison.added():
        name, _, value = new.path.partition("#")
        if "listed" in new.traits and name in lists:
            yield comparison.finding(
                rule="declared-value-added",
                impact=IMPACT,
                old=None,
                new=new,
                message=f"{name}: {value} is new ({new.signature})",
                help="say in the notes what it is for",
            )
