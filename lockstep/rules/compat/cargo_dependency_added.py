"""The crate needs one more crate.

## What it does
Finds dependencies that are always built and were not before; optional ones, and those of tests and build scripts, do not count.

## Why
It costs build time, may need a library of the system, and is one more name to trust; those who vet dependencies read the notes for it.

## Example
```
Cargo.toml:68:1 cargo-dependency-added: libc is a new dependency
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#cargo-change-dep-feature and ordvec's compatibility policy
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
    """Look for dependencies that are new, or optional no more."""
    before = {one.origin for one in comparison.base.items.values() if one.kind is ItemKind.DEPENDENCY and "optional" not in one.traits}
    for new in comparison.head.items.values():
        if new.kind is not ItemKind.DEPENDENCY or new.traits & {"optional", "sibling"}:
            continue
        if new.origin not in before:
            yield comparison.finding(
                rule="cargo-dependency-added",
                impact=IMPACT,
                old=None,
                new=new,
                message=f"{new.origin} is a new dependency",
                help="say so in the notes if it needs a library of the system or changes numerical results",
            )
