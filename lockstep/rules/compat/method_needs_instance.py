"""A method can no longer be called on the class.

## What it does
Reports a static or class method that became an ordinary one. The other way round, calls on objects still work.

## Why
`Egg.boil(1)` fails with TypeError.

## Example
```python
class Egg:
    def boil(self, minutes): ...  # was: @staticmethod
```

## Source
[Descriptor guide](https://docs.python.org/3/howto/descriptor.html#static-methods)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.witness import called
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)

_ON_CLASS = {Trait.STATICMETHOD, Trait.CLASSMETHOD}


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of methods."""
    for old, new in comparison.python.methods:
        if old.traits & _ON_CLASS and not new.traits & _ON_CLASS:
            yield comparison.finding(
                rule="method-needs-instance",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} must be called on an object, and could be called on the class",
                help="keep it callable on the class, or give the new method another name",
                witness=called(old, comparison.base),
                unless=Trait.OTHER_CALL,
            )
