"""A function takes more than before.

## What it does
Reports a new optional parameter, and a new `*args` or `**kwargs`.

## Why
It is something new: the changelog should say so, and at 1.0 and later it requires a minor release.

## Example
```python
def cook(eggs, *, salt=None): ...  # was: def cook(eggs)
```

## Source
[SemVer 7](https://semver.org/#spec-item-7)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.signatures import Fault
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.NOTE
SINCE = "0.1.0"
IMPACT = Impact.ADDITION
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every parameter that old calls can do without."""
    for old, new, change in comparison.python.parameter_changes(Fault.ADDED):
        if comparison.is_added(f"{new.path}.{change.after.name}"):
            continue  # the field of a dataclass, which is reported as a name
        yield comparison.finding(
            rule="parameter-added",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"{new.path} takes {change.after.name}",
            help="name it in the changelog",
            unless=Trait.OTHER_CALL,
        )
