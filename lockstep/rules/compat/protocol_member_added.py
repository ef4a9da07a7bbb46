"""A protocol requires more.

## What it does
Reports a member that came to a protocol.

## Why
Type checkers reject classes that fitted it.

## Example
```python
class Cooks(Protocol):
    def fry(self) -> None: ...  # new
```

## Source
[Protocols](https://typing.python.org/en/latest/spec/protocol.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import parent
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every new member of a protocol."""
    for new in comparison.python.added:
        owner, there = comparison.base.items.get(parent(new.path)), comparison.head.items.get(parent(new.path))
        if owner is not None and there is not None and Trait.PROTOCOL in owner.traits and Trait.PROTOCOL in there.traits:
            yield comparison.finding(
                rule="protocol-member-added",
                impact=IMPACT,
                old=None,
                new=new,
                message=f"{there.path} requires {new.name}, which is new",
                help="make a protocol of its own that descends from it, or name the change",
            )
