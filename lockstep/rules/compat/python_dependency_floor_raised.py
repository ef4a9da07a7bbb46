"""A dependency of the distribution is needed at a newer version.

## What it does
Compares the least version that each dependency may have, in every environment that both releases can meet: Pythons that are supported no
more do not count, lines with markers are evaluated. Dependencies of extras count too. A floor that moves within its series (2.3.0 to
2.3.3) may move in a patch.

## Why
Users who hold the dependency back cannot install the new release; for numpy and the like that is a whole environment that must move.

## Example
```
pyproject.toml:45:5 python-dependency-floor-raised: numpy was numpy>=1.26, and is numpy>=2.2
```

## Source
https://packaging.python.org/en/latest/specifications/dependency-specifiers/ and https://scientific-python.org/specs/spec-0000/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.pep508 import differs
from lockstep.versions.ranges import floor_raised, series_raised

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the requirements on each dependency."""
    item = comparison.head.items.get("project.requires-python")
    pythons = None if item is None else item.value
    for old, new in comparison.pairs():
        before, after = old.value or "", new.value or ""
        if "python" in new.traits and differs(before, after, pythons, floor_raised):
            yield comparison.finding(
                rule="python-dependency-floor-raised",
                impact=IMPACT if differs(before, after, pythons, series_raised) else Impact.NOTE,
                old=old,
                new=new,
                message=f"the minimum {new.origin} was raised from {old.signature} to {new.signature}",
                help="say so in the notes with the reason",
            )
