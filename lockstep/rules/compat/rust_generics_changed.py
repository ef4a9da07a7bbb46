"""An item has other generic parameters than before.

## What it does
Counts types and constants that must be written, and lifetimes of types; a parameter with a default is for free. Of a function whose
parameters could not be
written before, nothing is said.

## Why
Code that writes them, as in `Spam<u8>` or `spam::<u8>()`, does not compile.

## Example
```
src/lib.rs:7 rust-generics-changed: ordvec::Index changed from `struct Index<T0>` to `struct Index<T0, T1>`
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#generic-new-default
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, TypeParameter

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what must and may be written in angles."""
    for old, new in comparison.rust.alike():
        if _breaks(old, new):
            impact = Impact.REVIEW if comparison.rust.has_uncertain_part(old, new) else IMPACT
            yield comparison.finding(
                rule="rust-generics-changed",
                impact=impact,
                old=old,
                new=new,
                message=f"{new.path} changed from `{old.signature}` to `{new.signature}`",
                help="give the new parameter a default, or add an item with another name",
            )


def _breaks(old: Item, new: Item) -> bool:
    before, now = _counts(old.type_parameters), _counts(new.type_parameters)
    if old.kind is ItemKind.FUNCTION:
        return bool(before.each) and before.each != now.each
    return any(
        (
            before.lifetimes != now.lifetimes,
            now.needed[0] > before.needed[0],
            now.needed[1] > before.needed[1],
            now.each.count(True) < before.each.count(True),
            now.each.count(False) < before.each.count(False),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """Lifetimes; how many types and constants must be written; for each, whether it is a constant."""

    lifetimes: int
    needed: tuple[int, int]
    each: tuple[bool, ...]


def _counts(parameters: tuple[TypeParameter, ...]) -> _Counts:
    plain = [one for one in parameters if not one.name.startswith(("'", "where "))]
    constants = [one.name.startswith("const ") for one in plain]
    needed = [constant for one, constant in zip(plain, constants, strict=True) if one.default is None]
    lifetimes = sum(one.name.startswith("'") for one in parameters)
    return _Counts(lifetimes=lifetimes, needed=(needed.count(False), needed.count(True)), each=tuple(constants))
