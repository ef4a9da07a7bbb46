"""A file that the project declared as promised changed.

## What it does
Compares the text of files that the configuration declares without a kind that could say more; line ends do not count.

## Why
Only a person can say what the change means to those who rely on the file.

## Example
```
docs/format.md:1 declared-file-touched: docs/format.md changed
```

## Source
ordvec's compatibility policy (examples and docs)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the texts."""
    for old, new in comparison.pairs():
        if old.kind is ItemKind.FILE and new.kind is ItemKind.FILE and old.value != new.value:
            yield comparison.finding(
                rule="declared-file-touched",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} changed",
                help="look at the difference, and say in the notes what it means",
            )
