"""Newer versions of a dependency are refused that the last release took.

## What it does
Compares the greatest version that each dependency may have, in every environment that both releases can meet, and the single versions
that are left out.

## Why
Users who have the newer version already must go back, with all that needs it.

## Example
```
pyproject.toml:45:5 python-dependency-cap-lowered: numpy was numpy>=1.26, and is numpy>=1.26,<3
```

## Source
https://iscinumpy.dev/post/bound-version-constraints/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.pep508 import differs
from lockstep.versions.ranges import Range, cap_lowered

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the requirements on each dependency."""
    item = comparison.head.items.get("project.requires-python")
    pythons = None if item is None else item.value
    for old, new in comparison.pairs():
        if "python" in new.traits and differs(old.value or "", new.value or "", pythons, _refuses):
            yield comparison.finding(
                rule="python-dependency-cap-lowered",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"the maximum {new.origin} was lowered from {old.signature} to {new.signature}",
                help="remove the cap, or say in the notes what does not work yet",
            )


def _refuses(before: Range, after: Range) -> bool:
    return cap_lowered(before, after) or bool(after.holes - before.holes)
