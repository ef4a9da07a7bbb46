"""A public Rust item was removed from one of its paths, or from all.

## What it does
Finds functions, types, traits, constants, macros and modules that users could name by a path and cannot any more. A module that was removed is told once,
a thing at several paths once when it was removed everywhere. Where something that cannot be read may define it now, a person must look.

## Why
Code that names it does not compile.

## Example
```
src/lib.rs:12 rust-item-removed: ordvec::rank::Rank was removed (`struct Rank`)
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#item-remove
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for paths that lead nowhere."""
    for old in comparison.rust.removed():
        still = comparison.rust.still_at(old)
        also = f"; it is still at {still.path}" if still is not None else ""
        hidden = comparison.rust.may_hide(old.path)
        yield comparison.finding(
            rule="rust-item-removed",
            impact=Impact.REVIEW if hidden else IMPACT,
            old=old,
            new=None,
            message=f"{old.path} was removed (`{old.signature}`){also}" + (", unless a macro or a crate that cannot be read defines it" if hidden else ""),
            help="keep it, or re-export it, deprecated, until the next breaking release",
        )
