"""A function became a context manager, or is one no longer.

## What it does
Reports `@contextmanager` that came or went, and the step from a plain to an asynchronous one.

## Why
`with` fails, or what was iterated over no longer can be.

## Example
```python
@contextmanager  # was not there
def cook(): ...
```

## Source
[contextlib](https://docs.python.org/3/library/contextlib.html)
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
    """Report every function that gave a context manager, or gives one now; one that gives or gave a coroutine has a rule of its own."""
    for old, new, before, after in comparison.python.result_changes:
        if Outcome.COROUTINE not in (before, after) and {Outcome.CONTEXT, Outcome.ASYNC_CONTEXT} & {before, after}:
            yield comparison.finding(
                rule="context-manager-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} returns {after}, and returned {before}",
                help="keep the old form under the old name",
                witness=f"{'async ' if before is Outcome.ASYNC_CONTEXT else ''}with {called(old, comparison.base)}: ..."
                if before in {Outcome.CONTEXT, Outcome.ASYNC_CONTEXT}
                else called(old, comparison.base),
                unless=Trait.OTHER_RESULT,
            )
