"""A parameter takes fewer types than before.

## What it does
Compares types, not their spelling: what fitted the old type must fit the new one, so that a wider type is no fault. Type variables are
matched by what stands in their place. Where a class from elsewhere is in the way, a person must look.

## Why
Type checkers reject calls that they took.

## Example
```python
def cook(eggs: int): ...  # was: def cook(eggs: int | str)
```

## Source
[Assignability](https://typing.python.org/en/latest/spec/concepts.html#summary-of-type-relations)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.annotation import Answer, short
from lockstep.model import Finding, Level
from lockstep.policy import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait
from lockstep.typed_calls import TypedCall, is_typed

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def _is_field(comparison: Comparison, cls: Item, name: str) -> bool:
    """Say whether a parameter is a field that can be set: its type is judged as that of an attribute."""
    field = comparison.head.items.get(f"{cls.path}.{name}")
    return field is not None and Trait.FIELD in field.traits and not cls.traits & {Trait.FROZEN, Trait.NAMEDTUPLE}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every parameter that no longer fits what was given."""
    names = comparison.python
    for old, new in names.pairs:
        if old.call is None or new.call is None or old.overloads or new.overloads or not is_typed(old, new) or not names.speaks_alike(old, new):
            continue
        for fit in TypedCall(names, old, new, old.call, new.call).parameters():
            if fit.answer is Answer.YES or _is_field(comparison, new, fit.new.name) or names.is_explained(fit.old.annotation, fit.new.annotation):
                continue
            narrowed = fit.answer is Answer.NO
            yield comparison.finding(
                rule="parameter-type-narrowed",
                impact=IMPACT if narrowed else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} takes {fit.new.name}: {short(fit.new.annotation)}, and took {short(fit.old.annotation)}",
                help="take the old type too, or name the change" if narrowed else "check that what was given still fits: one of the types is not known here",
            )
