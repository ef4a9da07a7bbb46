"""A newer edition needs a newer Rust, and no rust-version says which.

## What it does
Looks at crates that do not declare `rust-version`: there, the edition is the only floor that Cargo knows (2018: Rust 1.31, 2021: 1.56,
2024: 1.85). Where `rust-version` is declared, rust-version-raised says all there is to say.

## Why
An older Cargo cannot read the manifest at all, and tells users of a feature that is not stable.

## Example
```
Cargo.toml:4:1 edition-raised: edition was 2021, and is 2024: Rust 1.85 is needed now
```

## Source
https://doc.rust-lang.org/edition-guide/editions/index.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.ENVIRONMENT
SURFACES = ("cargo-manifest",)


NEEDED = {"2015": "1.0", "2018": "1.31", "2021": "1.56", "2024": "1.85"}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the two editions."""
    old, new = comparison.before_and_after("package.edition")
    if new is None or new.value is None or "package.rust-version" in comparison.head.items:
        return
    before = old.value if old is not None and old.value is not None else "2015"  # Cargo's default
    if new.value > before:
        needed = f": Rust {NEEDED[new.value]} is needed now" if new.value in NEEDED else ""
        yield comparison.finding(
            rule="edition-raised",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"edition was raised from {before} to {new.value}{needed}",
            help="declare rust-version, and name the new floor in the notes",
        )
