"""An attribute has another type.

## What it does
What can be read must not become wider, and what can be set must not become narrower either: a mutable attribute keeps its type. A property
without a setter, a `Final` and a field of a frozen class are only read.

## Why
Type checkers reject code that reads or sets it as before.

## Example
```python
class Egg:
    weight: int | None  # was: int
```

## Source
[Variance](https://typing.python.org/en/latest/spec/generics.html#variance)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_annotations import short
from lockstep.comparison.python_assignability import Answer, assignable
from lockstep.comparison.python_items import parent
from lockstep.comparison.python_types import is_any
from lockstep.comparison.typed_signatures import variable_types
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def _is_set(comparison: Comparison, old: Item) -> bool:
    owner = comparison.base.items.get(parent(old.path))
    if old.traits & {Trait.FINAL, Trait.READONLY} or (owner is not None and owner.traits & {Trait.FROZEN, Trait.NAMEDTUPLE}):
        return False
    return old.kind is not ItemKind.PROPERTY or (Trait.SETTABLE in old.traits and Trait.CACHED not in old.traits)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every attribute whose type no longer fits."""
    names = comparison.python
    for old, new in names.attributes:
        types = variable_types(names, old, new)
        if types is None or old.annotation == new.annotation or Trait.INFERRED in old.traits | new.traits or not names.have_one_author(old, new):
            continue
        if names.differ_in_aliases_only(old.annotation, new.annotation):
            continue
        known = names.hierarchy(new)
        before, after = types
        answers = {Answer.UNKNOWN} if is_any(before) and not is_any(after) else {assignable(after, before, known)}
        if _is_set(comparison, old):
            answers.add(assignable(before, after, known))
        if answers != {Answer.YES}:
            changed = Answer.NO in answers
            yield comparison.finding(
                rule="attribute-type-changed",
                impact=IMPACT if changed else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} is {short(new.annotation)}, and was {short(old.annotation)}",
                help="keep the type, or name the change" if changed else "check that it is used as before: one of the types is not known here",
            )
