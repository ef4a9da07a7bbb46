"""Wheels are for one Python each now, no more for all later ones.

## What it does
Finds distributions whose build turned on pyo3's `abi3` and does no more.

## Why
A Python that comes out after the release has no wheel of it; and whoever pins the tag `abi3` in a lock or an image finds none.

## Example
```
Cargo.toml:24:1 stable-abi-dropped: wheels were for the stable ABI (abi3-py39), and are no more
```

## Source
https://docs.python.org/3/c-api/stable.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("python-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for a stable ABI that was removed; it may have gone with the native module itself."""
    old: Item | None = comparison.base.items.get("wheel.abi3")
    if old is not None and "wheel.abi3" not in comparison.head.items and "wheel.native" in comparison.head.items:
        yield comparison.finding(
            rule="stable-abi-dropped",
            impact=IMPACT,
            old=old,
            new=None,
            message=f"wheels no longer use the stable ABI ({old.signature})",
            help="say in the notes for which Pythons there are wheels",
        )
