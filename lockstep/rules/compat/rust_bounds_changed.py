"""A bound of a generic parameter is stricter, or is written otherwise.

## What it does
Compares the bounds of items with as many parameters as before, in brackets, in `where` and of the impl block around. A well-known trait that is asked for
now, and that nothing before implied, is a break; bounds that are only gone are none, except where users write the item themselves, as the methods of a trait.
Bounds of a trait's associated types are compared both ways: those who use the trait lose what was removed. Of what else differs a person must look: it may say
the same in other words.

## Why
A type that does not satisfy a stricter bound can no longer be used.

## Example
```
src/lib.rs:7 rust-bounds-changed: T0 of ordvec::sort changed from any type to Ord
```

## Source
https://doc.rust-lang.org/cargo/reference/semver.html#generic-bounds-tighten
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("rust",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Compare what is asked of the parameters, and what is promised of the associated types of a trait."""
    from lockstep.comparison.rust_bounds import Change, change  # noqa: PLC0415 - only where Rust is compared

    for old, new in comparison.rust.alike():
        if old.bases != new.bases and old.kind is ItemKind.TYPE_ALIAS:
            yield from _associated(comparison, old, new)
        before, now = dict(_bounds(old)), dict(_bounds(new))
        if _names(old) != _names(new) or before == now:
            continue
        each = {
            name: change(name, before.get(name), now.get(name))
            for name in sorted({*before, *now})
            if before.get(name) != now.get(name) and name != "where impl"
        }
        if comparison.rust.is_implemented_by_users(old):
            each = {name: max(one, Change.UNKNOWN) for name, one in each.items()}
        if "where impl" in before.keys() | now.keys():  # it was there for some arguments alone
            each = dict.fromkeys(each, Change.UNKNOWN)
        worst = max(each.values(), default=Change.LOOSER)
        if worst is Change.LOOSER:
            continue
        name = next(name for name, one in each.items() if one is worst)
        said = before.get(name), now.get(name)
        yield _finding(comparison, old, new, f"{name.removeprefix('where ')} of {new.path}", said, certain=worst is Change.STRICTER)


def _associated(comparison: Comparison, old: Item, new: Item) -> Iterator[Finding]:
    """Compare what an associated type must satisfy: more breaks those who implement the trait, less those who use it."""
    from lockstep.comparison.rust_bounds import Change, change  # noqa: PLC0415 - only where Rust is compared

    before, now = " + ".join(old.bases), " + ".join(new.bases)
    asked = change("", before, now) if comparison.rust.is_implemented_by_users(old) else Change.LOOSER
    worst = max(asked, change("", now, before))
    if worst is not Change.LOOSER:
        yield _finding(comparison, old, new, new.path, (before, now), certain=worst is Change.STRICTER)


def _finding(comparison: Comparison, old: Item, new: Item, what: str, said: tuple[str | None, str | None], *, certain: bool) -> Finding:
    certain = certain and not comparison.rust.has_uncertain_part(old, new)
    return comparison.finding(
        rule="rust-bounds-changed",
        impact=IMPACT if certain else Impact.REVIEW,
        old=old,
        new=new,
        message=f"{what} changed from {said[0] or 'any type'} to {said[1] or 'any type'}",
        help="ask for it in a breaking release" if certain else "look whether all types that were taken before are taken now",
    )


def _bounds(item: Item) -> Iterator[tuple[str, str | None]]:
    return ((one.name, one.bound) for one in item.type_parameters if not one.name.startswith("'"))


def _names(item: Item) -> list[str]:
    return [one.name for one in item.type_parameters if not one.name.startswith(("'", "where "))]
