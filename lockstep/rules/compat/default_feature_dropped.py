"""A feature is on no more by default.

## What it does
Compares what `default` turns on in the end, through other features too. A feature that was removed altogether is cargo-feature-removed.

## Why
Whoever requires the crate by its name alone loses what stood behind the feature.

## Example
```
Cargo.toml:43:1 default-feature-dropped: tls is on no more by default
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-feature-remove-another
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_features import dropped
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Stability

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two default sets."""
    base, head = comparison.base.items, comparison.head.items
    old = base.get("features.default")
    for entry in dropped(base, head, "default"):
        feature = base.get(f"features.{entry}")
        yield comparison.finding(
            rule="default-feature-dropped",
            impact=IMPACT if feature is not None and feature.stability is Stability.STABLE else Impact.REVIEW,
            old=old,
            new=head.get("features.default"),
            message=f"default feature {entry} was removed",
            help=f"put it back into default, or tell users to ask for {entry}",
            witness=f'{comparison.base.package} = "{comparison.version}"',
        )
