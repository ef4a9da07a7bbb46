"""A class no longer descends from a base that it had.

## What it does
Compares all public bases, those of bases too; a private base that went is nobody's loss. A base replaced by its own child is still there,
and so is one that a class fits by its methods alone, as `Hashable` or `Iterable`.
Where a new base from elsewhere may descend from the lost one, a person must look.

## Why
`isinstance(egg, Food)` is false, `except ValueError` no longer catches.

## Example
```python
class Error(Exception): ...  # was: class Error(ValueError)
```

## Source
[Data model](https://docs.python.org/3/reference/datamodel.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_stdlib import is_exception
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every class that lost a base."""
    names = comparison.python
    for old, new in names.classes:
        lost = list(names.bases.lost(old, new))
        if not lost:
            continue
        base, sure = lost[0]
        if not sure and any(certain for _, certain in lost):
            base, sure = next(one for one in lost if one[1])
        if names.bases.is_lost_by_ancestor(base, old, new):
            continue
        sure = sure and not _has_namesake(comparison, base, new)
        name, caught = base.rpartition(".")[2], is_exception(base)
        yield comparison.finding(
            rule="class-base-lost",
            impact=IMPACT if sure else Impact.REVIEW,
            old=old,
            new=new,
            message=f"{new.path} no longer descends from {base.removeprefix('builtins.')}" + (f": `except {name}` does not catch it" if caught else ""),
            help="keep the base, or name the change in a migration note" if sure else "check whether the new base descends from it",
            witness=_witness(old, name, caught=caught) if sure else None,
        )


def _has_namesake(comparison: Comparison, base: str, new: Item) -> bool:
    """Say whether a class from elsewhere has another of its name in its place: one that its home gives on, or a backport."""
    name = base.rpartition(".")[2]
    return base not in comparison.base.items and any(
        one.rpartition(".")[2] == name and one != base and one not in comparison.head.items for one in (*new.bases, *new.ancestors)
    )


def _witness(old: Item, base: str, *, caught: bool) -> str:
    return f"issubclass({old.name}, {base})" if caught else f"isinstance({old.name.lower()}, {base})"
