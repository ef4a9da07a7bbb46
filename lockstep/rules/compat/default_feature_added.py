"""More is on by default than before.

## What it does
Finds features that `default` turns on now and did not before. A feature that is new as well turns nothing on that was not there: what counts
is whether a dependency waits for it now; else a person looks whether code does.

## Why
Users who named the crate alone build more code and more dependencies; one that cannot be built for their target (no `std`, no OpenSSL)
stops them. Users who turned default features off lose what moved behind a new one.

## Example
```
Cargo.toml:43:1 default-feature-added: tls is on by default now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-feature-add and https://doc.rust-lang.org/cargo/reference/features.html#semver-compatibility
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_features import enabled
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two default sets; an entry that another one turned on already adds nothing."""
    base, head = comparison.base.items, comparison.head.items
    new = head.get("features.default")
    before = enabled(base, "default")
    for entry in new.bases if new is not None else ():
        if entry in before or f"features.{entry}" not in head:
            continue
        fresh = f"features.{entry}" not in base
        waiting = _waiting(comparison, entry) if fresh else ()
        moved = f", and {', '.join(waiting)} is there only with it" if waiting else ", and new: code may have moved behind it" if fresh else ""
        yield comparison.finding(
            rule="default-feature-added",
            impact=Impact.REVIEW if fresh and not waiting else IMPACT,
            old=base.get("features.default"),
            new=new,
            message=f"default feature {entry} was added{moved}",
            help="say in the notes what users without default features must ask for" if fresh else "say so in the notes, or leave it to users to ask for it",
        )


def _waiting(comparison: Comparison, entry: str) -> tuple[str, ...]:
    """Give the dependencies that were always there and are there only with a feature now."""
    names = sorted(one.removeprefix("dep:") for one in enabled(comparison.head.items, entry) if one.startswith("dep:"))
    base, head = comparison.base.items, comparison.head.items
    return tuple(name for name in names if _waits(base.get(f"dependencies.{name}"), head.get(f"dependencies.{name}")))


def _waits(old: Item | None, new: Item | None) -> bool:
    return old is not None and new is not None and "optional" in new.traits - old.traits
