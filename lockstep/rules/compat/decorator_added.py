"""A decorator that is not known stands above a function whose own parameters are the same.

## What it does
Finds functions and methods over which a decorator was put that may put something else in their place: other parameters, another result.
Decorators of the standard library and those of the project that give the function back are known, and told by the rules that they concern.

## Why
Nothing in the signature changed, and callers may get another function all the same.

## Example
```python
@other.retry   # was not there
def load(path): ...
```

## Source
https://docs.python.org/3/reference/compound_stmts.html#function-definitions
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)
UNKNOWN = frozenset({Trait.OTHER_CALL, Trait.OTHER_RESULT})


def check(comparison: Comparison) -> Iterator[Finding]:
    """Look for functions that an unknown decorator stands above now, and their call is written as before."""
    for old, new in comparison.pairs():
        if new.kind is not ItemKind.FUNCTION or old.kind is not new.kind or old.traits & UNKNOWN or not new.traits & UNKNOWN or old.call != new.call:
            continue
        yield comparison.finding(
            rule="decorator-added",
            impact=IMPACT,
            old=old,
            new=new,
            message=f"a decorator was put above {new.path}, and what it puts in its place is not known",
            help=f"check what callers of {new.name} get",
        )
