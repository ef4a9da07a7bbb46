"""A call must be awaited now.

## What it does
Reports a function that became `async def`. One that already gave something to await is not reported.

## Why
The caller gets a coroutine where the result was.

## Example
```python
async def cook(): ...  # was: def cook()
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
    """Report every function that gives a coroutine now."""
    for old, new, before, after in comparison.python.result_changes:
        if after is Outcome.COROUTINE:
            yield comparison.finding(
                rule="function-made-async",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} returns {after}, and returned {before}",
                help="give the asynchronous form a name of its own",
                witness=f"result = {called(old, comparison.base)}",
                unless=Trait.OTHER_RESULT,
            )
