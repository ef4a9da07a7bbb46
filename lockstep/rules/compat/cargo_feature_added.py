"""A Cargo feature is new.

## What it does
Finds features that were not there before, and optional dependencies that became features by their names.

## Why
Users may want it, so the changelog should name it. An optional dependency that nobody meant as a feature is one for good once it is released:
`dep:NAME` in some feature hides it.

## Example
```
Cargo.toml:83:1 cargo-feature-added: feature serde is new
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-feature-add
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for features that are new."""
    for item in comparison.added():
        if item.kind is not ItemKind.FEATURE or item.path == "features.default":
            continue
        implied = " (the name of an optional dependency)" if "implicit" in item.traits else ""
        yield comparison.finding(
            rule="cargo-feature-added",
            impact=IMPACT,
            old=None,
            new=item,
            message=f"feature {item.path.removeprefix('features.')} is new{implied}",
            help="name it in the changelog",
        )
