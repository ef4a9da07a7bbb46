"""More is on by default than before.

## What it does
Finds features that `default` turns on now and did not before, new features among them.

## Why
Users who named the crate alone build more code and more dependencies; one that cannot be built for their target (no `std`, no OpenSSL)
stops them.

## Example
```
Cargo.toml:43:1 default-feature-added: tls is on by default now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-feature-add and https://doc.rust-lang.org/cargo/reference/features.html#semver-compatibility
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.features import turned_on
from lockstep.model import Finding, Level
from lockstep.policy import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two default sets; an entry that another one turned on already adds nothing."""
    new = comparison.head.items.get("features.default")
    before = turned_on(comparison.base.items, "default")
    for entry in new.bases if new is not None else ():
        if entry not in before and f"features.{entry}" in comparison.head.items:
            yield comparison.finding(
                rule="default-feature-added",
                impact=IMPACT,
                old=comparison.base.items.get("features.default"),
                new=new,
                message=f"{entry} is on by default now",
                help="say so in the notes, or leave it to users to ask for it",
            )
