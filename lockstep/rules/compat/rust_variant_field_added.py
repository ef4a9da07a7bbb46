"""A field is new in a variant that users can write and match in full.

## What it does
Finds fields that are new in a variant that was not `#[non_exhaustive]`.

## Why
Code that makes the variant, or matches it without `..`, does not compile.

## Example
```
src/lib.rs:4 rust-variant-field-added: ordvec::Error::Io.path is new
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#enum-fields-new
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
    """Look for fields below exhaustive variants."""
    for new, _, before in comparison.rust.members_added(ItemKind.FIELD):
        if before.kind is ItemKind.VARIANT and is_breaking_member(new, before):
            yield comparison.finding(
                rule="rust-variant-field-added",
                impact=IMPACT,
                old=before,
                new=new,
                message=f"field {new.path} was added: literals and full patterns of the variant no longer compile",
                help="make the variant #[non_exhaustive] in a breaking release, or add another",
            )
