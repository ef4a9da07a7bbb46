"""A Cargo feature was removed.

## What it does
Finds features that the manifest had and has no more. Features whose name says that they are experimental or private, or that the
configuration names so, may go in a patch.

## Why
A crate that requires a feature that does not exist does not build: Cargo stops before it compiles anything.

## Example
```
Cargo.toml:82:1 cargo-feature-removed: feature fast was removed: a manifest that enables it no longer resolves
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-feature-remove
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
    """Look for features that were removed; the default set and the implied features of optional dependencies have rules of their own."""
    for item in comparison.removed():
        if item.kind is not ItemKind.FEATURE or "implicit" in item.traits or item.path == "features.default":
            continue
        name = item.path.removeprefix("features.")
        yield comparison.finding(
            rule="cargo-feature-removed",
            impact=IMPACT,
            old=item,
            new=None,
            message=f"feature {name} was removed: a manifest that enables it no longer resolves",
            help=f"keep it, empty if need be ({name} = []), until the next breaking release",
            witness=dependency_line(comparison.base.package, comparison.version, name),
        )
