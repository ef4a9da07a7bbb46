"""A file that the project declared as promised was removed.

## What it does
Finds files, and constants, that the configuration's paths named before and name no more.

## Why
Those who rely on it find nothing.

## Example
```
docs/old.md:1 declared-file-removed: docs/old.md was removed
```

## Source
ordvec's compatibility policy
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
SURFACES = ("declared",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for what was removed, where it would have been seen."""
    unseen = {one.symbol for one in comparison.head.blind}
    for old in comparison.removed():
        if old.kind in (ItemKind.FILE, ItemKind.CONSTANT) and "listed" not in old.traits:
            yield comparison.finding(
                rule="declared-file-removed",
                impact=Impact.REVIEW if old.path in unseen else IMPACT,
                old=old,
                new=None,
                message=f"{old.path} was removed",
                help="say in the notes what takes its place",
            )
