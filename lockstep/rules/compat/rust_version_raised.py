"""The crate needs a newer Rust.

## What it does
Compares `rust-version` of the package, inherited from the workspace or not, as versions: 1.70 and 1.70.0 are one. One that was never
declared before, or is declared no more, promises nothing.

## Why
Cargo refuses to build the crate with an older Rust, or chooses an older release of it; users learn from the notes what they must install.

## Example
```
Cargo.toml:5:1 rust-version-raised: rust-version was 1.85, and is 1.89
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#env-new-rust
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
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two declarations."""
    old, new = comparison.before_and_after("package.rust-version")
    if old is not None and new is not None and minimum_raised(old.value, new.value):
        yield comparison.finding(
            rule="rust-version-raised",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"rust-version was raised from {old.value} to {new.value}",
            help="name the new floor and its reason in the notes",
        )
