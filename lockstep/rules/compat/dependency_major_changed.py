"""A dependency of a library moved to versions that are incompatible with those before.

## What it does
Finds requirements that admit no version that the last release admitted. Where the manifest declares the dependency public
(`public = true`), it is a break; else a person decides whether a type of it stands in the API.

## Why
To the compiler, a type of rand 0.8 and the same type of rand 0.9 are strangers: users who pass one must move to the other on the same day.

## Example
```
Cargo.toml:70:1 dependency-major-changed: rand was 0.8, and is 0.9: a break if a type of it stands in the API
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html and https://rust-lang.github.io/rfcs/3516-public-private-dependencies.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_requirements import is_other_major, requirements
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the requirement on each dependency of a library."""
    for old, new, before, after in requirements(comparison.pairs()):
        if is_other_major(new, before, after):
            public = "public" in old.traits | new.traits
            yield comparison.finding(
                rule="dependency-major-changed",
                impact=Impact.BREAKING if public else IMPACT,
                old=old,
                new=new,
                message=f"{new.name} was {old.value}, and is {new.value}: " + ("it is public" if public else "a break if a type of it stands in the API"),
                help="say in the notes which version users need" if public else "look for its types in public signatures; public = true would tell lockstep",
            )
