"""A struct that users could write with all of its fields has one that they cannot name.

## What it does
Finds structs whose fields were all public, with a private field now. Where one of them was hidden, a person must look.

## Why
A struct literal, or a pattern without `..`, does not compile.

## Example
```
src/lib.rs:4 rust-private-field-added: ordvec::Hit has a private field now
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#struct-add-private-field-when-public
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, RustFact

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare who can write all fields."""
    for old, new in comparison.rust.alike():
        closed = RustFact.PRIVATE in old.traits or RustFact.NON_EXHAUSTIVE in old.traits
        if old.kind is ItemKind.STRUCT and not closed and RustFact.PRIVATE in new.traits:
            yield comparison.finding(
                rule="rust-private-field-added",
                impact=IMPACT if RustFact.LITERAL in old.traits else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} has a private field now: users can no longer write it",
                help="add a constructor, and do this in a breaking release",
            )
