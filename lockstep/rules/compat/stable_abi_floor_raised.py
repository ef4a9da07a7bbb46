"""The wheel for the stable ABI needs a newer Python.

## What it does
Joins what turns on pyo3's `abi3-pyXY`: the crate's need, its features, and maturin's settings; the least one counts, as pyo3 does it.

## Why
One wheel serves every Python from that one on. Older ones get no wheel any more, and pip tries to compile.

## Example
```
ordvec-python/Cargo.toml:24:1 stable-abi-floor-raised: wheels were for Python 3.9 and later, and are for 3.10 and later
```

## Source
https://pyo3.rs/latest/building-and-distribution#minimum-python-version-for-abi3
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.ranges import minimum_raised

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two floors; abi3 without a version takes that of the Python that builds, which no file states."""
    old, new = comparison.before_and_after("wheel.abi3")
    if old is not None and new is not None and minimum_raised(old.value, new.value):
        yield comparison.finding(
            rule="stable-abi-floor-raised",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"wheels require Python {new.value} or later, where {old.value} was enough",
            help="name the new floor in the notes",
        )
