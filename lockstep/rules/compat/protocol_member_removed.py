"""A protocol promises less.

## What it does
Reports a member that went from a protocol.

## Why
Type checkers reject using it through the protocol; the object behind it still has it.

## Example
```python
class Cooks(Protocol):
    def boil(self) -> None: ...  # fry was removed
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
    """Report every member that was removed from a protocol."""
    for removed in comparison.python.removed:
        owner = comparison.base.items.get(parent(removed.item.path))
        if owner is not None and Trait.PROTOCOL in owner.traits:
            yield comparison.finding(
                rule="protocol-member-removed",
                impact=IMPACT,
                old=removed.item,
                new=None,
                message=f"{owner.path} no longer promises {removed.item.name}",
                help="keep it, or name the change",
            )
