"""A variant is new in an enum that users can match in full.

## What it does
Finds variants that are new in an enum that was not `#[non_exhaustive]`. Where it had a hidden variant, who matched it in full has used what nobody is
promised: a person must look.

## Why
A `match` without `_` does not compile.

## Example
```
src/lib.rs:4 rust-variant-added: ordvec::Kind::Sign is new, and users match Kind in full
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#enum-variant-new
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import is_breaking_member
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for variants below exhaustive enums."""
    for new, holder, before in comparison.rust.members_added(ItemKind.VARIANT):
        if is_breaking_member(new, before):
            name = holder.path.rpartition("::")[2]
            uncertain = new.condition != holder.condition or comparison.rust.has_hidden_variant(before)
            yield comparison.finding(
                rule="rust-variant-added",
                impact=Impact.REVIEW if uncertain else IMPACT,
                old=before,
                new=new,
                message=f"variant {new.path} was added: exhaustive matches on {name} no longer compile",
                help="make the enum #[non_exhaustive] in a breaking release",
            )
