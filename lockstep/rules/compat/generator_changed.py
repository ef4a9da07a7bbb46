"""A function became a generator, or is one no longer.

## What it does
Reports a function that gave a value and yields now, or yielded and gives a value. One that is annotated as giving an iterator either way is
not reported; where nothing is written about the new result, a person must look.

## Why
A generator has no length and no items, and runs when it is iterated over; a list is no iterator.

## Example
```python
def cook():
    yield 1  # was: return [1]
```

## Source
[PEP 255](https://peps.python.org/pep-0255/)
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
    """Report every function whose result changed otherwise; coroutines and context managers have rules of their own."""
    for old, new, before, after in comparison.python.result_changes:
        if not {Outcome.COROUTINE, Outcome.CONTEXT, Outcome.ASYNC_CONTEXT} & {before, after}:
            yield comparison.finding(
                rule="generator-changed",
                impact=Impact.REVIEW if after is Outcome.UNKNOWN else IMPACT,
                old=old,
                new=new,
                message=f"{new.path} returns {after}, and returned {before}",
                help="keep the old form under the old name" if after is not Outcome.UNKNOWN else "check that what comes back can still be used as an iterator",
                witness=None
                if after is Outcome.UNKNOWN
                else f"next({called(old, comparison.base)})"
                if before is Outcome.ITERATOR
                else f"len({called(old, comparison.base)})",
                unless=Trait.OTHER_RESULT,
            )
