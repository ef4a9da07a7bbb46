"""A dependency of a library moved to versions that are incompatible with those before.

## What it does
Finds requirements that admit no version that the last release admitted. It is a break where a type or trait of the dependency stands in the public API
(a signature, a field, an alias, a re-export, an implementation of its trait), or where the manifest declares it public (`public = true`). Where macros or
several glob imports hide that, a person decides; where nothing public names it, a patch may do it.

## Why
To the compiler, a type of rand 0.8 and the same type of rand 0.9 are strangers: users who pass one must move to the other on the same day.

## Example
```
Cargo.toml:70:1 dependency-major-changed: rand raised from 0.8 to 0.9: its types are in the public API (spam::shuffle and 2 more)
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html and https://rust-lang.github.io/rfcs/3516-public-private-dependencies.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.cargo_requirements import is_other_major, requirements
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, RustFact, Stability, Surface
from lockstep.wording import first_few

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("cargo-manifest",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare the requirement on each dependency of a library."""
    for old, new, before, after in requirements(comparison.pairs()):
        if is_other_major(new, before, after):
            impact, why, help_ = _judged(comparison.code, old, new)
            message = f"{new.name} moved from {old.value} to {new.value}, which admits no version from before: {why}"
            yield comparison.finding(rule="dependency-major-changed", impact=impact, old=old, new=new, message=message, help=help_)


def _judged(code: Surface | None, old: Item, new: Item) -> tuple[Impact, str, str]:
    """Say what a new major does to users, why, and what to do."""
    notes = "say in the notes which version users need"
    look = "look for its types in public signatures; public = true in the manifest would tell lockstep"
    if "public" in old.traits | new.traits:
        return Impact.BREAKING, "the manifest declares it public", notes
    if code is None:
        return IMPACT, "a break if a type of it is in the public API, which was not read", look
    names = {one.replace("-", "_") for one in (new.origin, new.name)}
    offered = [one for one in code.items.values() if one.stability is not Stability.HIDDEN and RustFact.BRIDGED not in one.traits]
    if users := [one.path for one in offered if _uses(one, names)]:
        return Impact.BREAKING, f"its types or traits are in the public API ({first_few(users, 2)})", notes
    if hidden := [one.path for one in offered if any(f"{RustFact.MAY_USE} {name}" in one.traits for name in names)]:
        return IMPACT, f"it cannot be told whether {first_few(hidden, 2)} has a type or trait of it", look
    if code.blind:
        return IMPACT, "no public item that could be read names it, but not all could", look
    return Impact.NOTE, "no public item names it", "nothing to do, unless a public macro expands to it"


def _uses(item: Item, names: set[str]) -> bool:
    """Say whether an item names a crate, or offers something of it again."""
    again = item.signature.removeprefix("pub use ").partition("::")[0].partition(" ")[0] if RustFact.FOREIGN in item.traits else ""
    return again in names or any(f"{RustFact.USES} {name}" in item.traits for name in names)
