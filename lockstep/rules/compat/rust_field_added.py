"""A public field is new in a struct that users can write with all of its fields.

## What it does
Finds fields that are new in a struct, or in a union, whose fields were all public and which is not `#[non_exhaustive]`.

## Why
A struct literal, or a pattern without `..`, does not compile.

## Example
```
src/lib.rs:4 rust-field-added: ordvec_manifest::LoadOptions.max_bytes is new, and users write LoadOptions with all of its fields
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#struct-add-public-field-when-no-private
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
    """Look for fields below exhaustive structs."""
    for new, holder, before in comparison.rust.members_added(ItemKind.FIELD):
        if before.kind is ItemKind.STRUCT and is_breaking_member(new, before):
            name = holder.path.rpartition("::")[2]
            uncertain = new.condition != holder.condition
            yield comparison.finding(
                rule="rust-field-added",
                impact=Impact.REVIEW if uncertain else IMPACT,
                old=before,
                new=new,
                message=f"field {new.path} was added: struct literals of {name} no longer compile",
                help="make the struct #[non_exhaustive] in a breaking release, with a constructor",
            )
