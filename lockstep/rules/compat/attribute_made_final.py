"""An attribute may no longer be set on objects.

## What it does
Reports `Final`, `ReadOnly` and `ClassVar` that came to an attribute of a class.

## Why
Type checkers reject `egg.weight = 1`; it still runs.

## Example
```python
class Egg:
    weight: Final[int] = 1  # was: weight: int
```

## Source
[Final](https://typing.python.org/en/latest/spec/qualifiers.html#final)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import parent
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)

_WORDS: dict[str, str] = {Trait.FINAL: "Final", Trait.CLASSVAR: "a ClassVar", Trait.READONLY: "ReadOnly"}
_FIXED = {Trait.FINAL, Trait.READONLY, Trait.MEMBER}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every attribute that got a qualifier."""
    for old, new in comparison.python.attributes:
        owner = comparison.base.items.get(parent(old.path))
        added = [word for trait, word in _WORDS.items() if trait in new.traits and trait not in old.traits]
        declared = old.annotation is not None and Trait.INFERRED not in old.traits
        if (
            added
            and declared
            and owner is not None
            and owner.kind is ItemKind.CLASS
            and old.kind is new.kind
            and Trait.NATIVE not in new.traits
            and not old.traits & _FIXED
        ):
            yield comparison.finding(
                rule="attribute-made-final",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is {added[0]}",
                help="leave the qualifier out, or name the change",
            )
