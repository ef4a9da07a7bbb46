"""A protocol became an ordinary class.

## What it does
Reports a class that was a protocol and is none.

## Why
Type checkers reject what only looked like it.

## Example
```python
class Cooks: ...  # was: class Cooks(Protocol)
```

## Source
[Protocols](https://typing.python.org/en/latest/spec/protocol.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every such pair of classes."""
    for old, new in comparison.python.classes:
        if Trait.PROTOCOL in old.traits and Trait.PROTOCOL not in new.traits:
            yield comparison.finding(
                rule="protocol-made-nominal",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} is no longer a protocol: only its subclasses fit",
                help="keep it a protocol, or name the change",
            )
