"""A name that type checkers alone knew was removed.

## What it does
Reports a name that stood below `if TYPE_CHECKING` and is no longer there.

## Why
Code that imports it for its annotations is rejected by type checkers; at run time nothing changes.

## Example
```python
if TYPE_CHECKING:
    Number = Union[int, float]  # gone
```

## Source
[TYPE_CHECKING](https://typing.python.org/en/latest/spec/directives.html#type-checking)
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
    """Report what was removed and was there for type checkers."""
    for removed in comparison.python.removed:
        if Trait.TYPING_ONLY in removed.item.traits:
            yield comparison.finding(
                rule="typing-name-removed",
                impact=IMPACT,
                old=removed.item,
                new=None,
                message=f"{removed.item.path}, which only type checkers saw, was removed",
                help="keep it below TYPE_CHECKING, or name the change",
            )
