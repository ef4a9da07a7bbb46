"""Fields of a class can no longer be set.

## What it does
Reports a dataclass, a model or a native class that became frozen.

## Why
`egg.weight = 2` fails with FrozenInstanceError or AttributeError.

## Example
```python
@dataclass(frozen=True)
class Egg: ...
```

## Source
[dataclasses](https://docs.python.org/3/library/dataclasses.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if Trait.FROZEN in new.traits and Trait.FROZEN not in old.traits and (Trait.NATIVE not in new.traits or _has_setters(comparison, old)):
            yield comparison.finding(
                rule="class-made-frozen",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"fields of {new.path} can no longer be set",
                help="name the change in a migration note; `dataclasses.replace` is the way to go on",
                witness=f"{old.name.lower()}.{_field(comparison, old)} = ...",
            )


def _fields(comparison: Comparison, cls: Item) -> list[Item]:
    found = (comparison.base.items.get(f"{cls.path}.{one.name}") for one in (cls.call.parameters if cls.call else ()))
    return [one for one in found if one is not None]


def _field(comparison: Comparison, cls: Item) -> str:
    return next((one.name for one in _fields(comparison, cls)), "field")


def _has_setters(comparison: Comparison, cls: Item) -> bool:
    """Say whether Python could set anything: a native class is frozen for the sake of threads too."""
    return any(Trait.SETTABLE in one.traits for one in comparison.python.members(cls, base=True))
