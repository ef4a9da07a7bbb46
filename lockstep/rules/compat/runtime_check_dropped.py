"""`isinstance` no longer works with a protocol.

## What it does
Reports `@runtime_checkable` that was removed.

## Why
`isinstance(x, Cooks)` fails with TypeError.

## Example
```python
class Cooks(Protocol): ...  # was: @runtime_checkable
```

## Source
[runtime_checkable](https://docs.python.org/3/library/typing.html#typing.runtime_checkable)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if Trait.RUNTIME_CHECKABLE in old.traits and Trait.RUNTIME_CHECKABLE not in new.traits and Trait.PROTOCOL in new.traits:
            yield comparison.finding(
                rule="runtime-check-dropped",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"isinstance no longer works with {new.path}",
                help="keep @runtime_checkable, or name the change in a migration note",
                witness=f"isinstance(one, {old.name})",
            )
