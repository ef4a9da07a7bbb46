"""A call can no longer be awaited.

## What it does
Reports a function that was `async def` and is no longer. One that still gives something to await is not reported.

## Why
`await` fails with TypeError.

## Example
```python
def cook(): ...  # was: async def cook()
```

## Source
[Coroutines](https://docs.python.org/3/reference/datamodel.html#coroutines)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.call_results import Outcome
from lockstep.comparison.witness import called
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every function that gave a coroutine."""
    for old, new, before, after in comparison.python.result_changes:
        if before is Outcome.COROUTINE:
            yield comparison.finding(
                rule="function-made-sync",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} returns {after}, and returned {before}",
                help="keep it a coroutine, and give the other form a name of its own",
                witness=f"await {called(old, comparison.base)}",
                unless=Trait.OTHER_RESULT,
            )
