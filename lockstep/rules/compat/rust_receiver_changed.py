"""A method takes its object in another way.

## What it does
Compares `self`, `&self`, `&mut self` and none. To ask for less is no break, but in a trait, where it is written anew. Of a type that can be copied,
and of other types of receiver, a person must look.

## Why
Calls on what is only borrowed, or with the type before the name, do not compile.

## Example
```
src/rank.rs:40 rust-receiver-changed: ordvec::Rank::add took &self, and takes &mut self
```

## Source
https://github.com/obi1kenobi/cargo-semver-checks/tree/main/src/lints
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.rust_pairs import receiver
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the receivers."""
    for old, new in comparison.rust.functions():
        if receiver(old) == receiver(new):
            continue
        holder = comparison.rust.holder(old)
        now = comparison.rust.counterpart(holder) if holder is not None else None
        if holder is None or now is None or (holder.kind is not ItemKind.TRAIT and _asks_less(receiver(old), receiver(new))):
            continue
        typed = "self:" in receiver(old) + receiver(new)
        copied = "implements Copy" in now.traits and (receiver(old), receiver(new)) == ("&self", "self")
        impact = Impact.REVIEW if typed or copied or comparison.rust.has_uncertain_part(old, new) else IMPACT
        yield comparison.finding(
            rule="rust-receiver-changed",
            impact=impact,
            old=old,
            new=new,
            message=f"{new.path} took {receiver(old) or 'no object'}, and takes {receiver(new) or 'none'}",
            help="add a method with another name",
        )


def _asks_less(old: str, new: str) -> bool:
    return (old, new) in (("&mut self", "&self"), ("self", "&self"), ("self", "&mut self"))
