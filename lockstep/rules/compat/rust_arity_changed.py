"""A function or method takes more or fewer arguments.

## What it does
Counts parameters, the receiver left out; their names do not count.

## Why
No call compiles; nor does an implementation, of a method of a trait.

## Example
```
src/rank.rs:40 rust-arity-changed: ordvec::Rank::search took 1 argument, and takes 2
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#fn-change-arity
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import arguments
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the numbers of arguments."""
    for old, new in comparison.rust.functions():
        if len(arguments(old)) != len(arguments(new)):
            impact = Impact.REVIEW if comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-arity-changed",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} changed from `{old.signature}` to `{new.signature}`",
                help="add a function with another name, or take the new options in a struct",
            )
