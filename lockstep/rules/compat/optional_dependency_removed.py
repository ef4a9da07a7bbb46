"""The feature that an optional dependency implied was removed.

## What it does
An optional dependency is a feature by its own name unless some feature says `dep:NAME`. Finds such names that are features no more: the
dependency was removed, is always there now, or went behind `dep:`.

## Why
A crate that enables that feature no longer resolves, although no line of `[features]` changed.

## Example
```
Cargo.toml:68:1 optional-dependency-removed: the implicit feature rayon of the optional dependency was removed
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-remove-opt-dep
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_features import dependency_line
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for implied features that were removed."""
    for item in comparison.removed():
        if item.kind is not ItemKind.FEATURE or "implicit" not in item.traits:
            continue
        name = item.path.removeprefix("features.")
        yield comparison.finding(
            rule="optional-dependency-removed",
            impact=IMPACT,
            old=item,
            new=None,
            message=f"the implicit feature {name} of the optional dependency was removed",
            help=f'keep the feature: {name} = [] or {name} = ["dep:{name}"]',
            witness=dependency_line(comparison.base.package, comparison.version, name),
        )
