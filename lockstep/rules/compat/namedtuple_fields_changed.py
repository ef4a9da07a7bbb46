"""A named tuple has other fields.

## What it does
Compares the names of the fields and their order: a named tuple is a tuple, so that a new field is a fault too, default or not.

## Why
`weight, size = egg` fails, or swaps them.

## Example
```python
class Egg(NamedTuple):
    size: int
    weight: int  # was the first
```

## Source
[NamedTuple](https://docs.python.org/3/library/typing.html#typing.NamedTuple)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import field_names
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every named tuple whose fields are others."""
    for old, new in comparison.python.classes:
        if Trait.NAMEDTUPLE not in old.traits or Trait.NAMEDTUPLE not in new.traits:
            continue
        before, after = field_names(old), field_names(new)
        if before != after:
            yield comparison.finding(
                rule="namedtuple-fields-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is ({', '.join(after)}), and was ({', '.join(before)})",
                help="give the new form a name of its own, or name the change in a migration note",
                witness=f"{', '.join(before)}{',' if len(before) == 1 else ''} = {old.name.lower()}",
            )
