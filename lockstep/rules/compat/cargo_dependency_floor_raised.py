"""A dependency of the crate is needed at a newer version.

## What it does
Compares the versions that the two requirements admit. A move to versions that are incompatible with all that were admitted before is
dependency-major-changed; crates of this repository move with each release and do not count.

## Why
Users who hold that dependency back get a resolver error; all others will not notice.

## Example
```
Cargo.toml:69:1 cargo-dependency-floor-raised: serde was 1.0.100, and is 1.0.200
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#env-new-rust and .../specifying-dependencies.html#multiple-locations
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_requirements import is_other_major, requirements
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.versions.ranges import floor_raised

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.NOTE
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the requirement on each dependency."""
    for old, new, before, after in requirements(comparison.pairs()):
        if floor_raised(before, after) and not is_other_major(new, before, after):
            yield comparison.finding(
                rule="cargo-dependency-floor-raised",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"the minimum {new.name} was raised from {old.value} to {new.value}",
                help="say so in the notes",
            )
