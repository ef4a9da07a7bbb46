"""A feature turns on less than before.

## What it does
Compares what each feature turns on in the end. An entry that names another feature of the crate is a promise; one that names a
dependency (`dep:x`, `x/feature`) is the crate's own affair unless a type of that dependency stands in the API, so that a person decides.

## Why
A crate that enables `full` and uses what stands behind `net` stops compiling when `full` no longer means `net`.

## Example
```
Cargo.toml:12:1 feature-entry-dropped: feature full turns on net no more
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
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the entries of every feature but default, which has a rule of its own."""
    base, head = comparison.base.items, comparison.head.items
    for old, new in comparison.pairs():
        if old.kind is not ItemKind.FEATURE or old.path == "features.default":
            continue
        name = old.path.removeprefix("features.")
        for entry in dropped(base, head, name):
            if _is_always_there(comparison, entry):
                continue
            yield comparison.finding(
                rule="feature-entry-dropped",
                impact=IMPACT if f"features.{entry}" in base else Impact.REVIEW,
                old=old,
                new=new,
                message=f"feature {name} no longer enables {entry}",
                help=f"put {entry} back, or say in the notes that {name} is without it",
            )


def _is_always_there(comparison: Comparison, entry: str) -> bool:
    """Say whether the entry turned on an optional dependency that is a plain one now."""
    needed = comparison.head.items.get(f"dependencies.{entry.removeprefix('dep:')}")
    return entry.startswith("dep:") and needed is not None and "optional" not in needed.traits
