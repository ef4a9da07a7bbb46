"""A public Rust item is new.

## What it does
Lists items, and members of types that were there, that users can name now; of what is new with all that is in it, itself alone. What breaks
by being new has rules of its own.

## Why
It is a promise from now on, and worth a line in the notes.

## Example
```
src/lib.rs:4 rust-item-added: ordvec::Rank::probe is new
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-new
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lockstep.comparison.rust_pairs import is_breaking_member
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for names that are new."""
    members = (new for new, _, holder in comparison.rust.members_added() if not is_breaking_member(new, holder))
    for new in chain(comparison.rust.added(), members):
        yield comparison.finding(
            rule="rust-item-added",
            impact=IMPACT,
            old=None,
            new=new,
            message=f"{new.path} is new (`{new.signature}`)",
            help="say so in the notes",
        )
