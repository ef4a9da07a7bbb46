"""A generic class takes another number of types.

## What it does
Reports a class that is no longer generic, or that takes more or fewer types in its brackets. A new one with a default is no fault, and a
class that became generic neither.

## Why
`Egg[int]` fails with TypeError when it runs.

## Example
```python
class Egg(Generic[K, V]): ...  # was: Generic[K]
```

## Source
[Generics](https://typing.python.org/en/latest/spec/generics.html); [PEP 696](https://peps.python.org/pep-0696/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def _count(number: int) -> str:
    return "no types in brackets" if number == 0 else "one type in brackets" if number == 1 else f"{number} types in brackets"


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every class whose brackets no longer take what they took."""
    for old, new in comparison.python.classes:
        before, after = old.type_parameters, new.type_parameters
        if not before or any("*" in one.name for one in (*before, *after)):
            continue
        least = sum(one.default is None for one in after)
        if len(before) > len(after) or len(before) < least:
            if not after and f"{new.path}.__class_getitem__" in comparison.head.items:
                continue
            yield comparison.finding(
                rule="type-parameters-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} takes {_count(len(after))}, and took {_count(len(before))}",
                help="give a new type parameter a default, or name the change in a migration note",
                witness=f"{old.name}[{', '.join('Any' for _ in before)}]",
            )
