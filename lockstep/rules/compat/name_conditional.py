"""A name is there only under a condition now.

## What it does
Reports a name that was always there and now stands under a condition: a platform, a version of Python, an import that may fail. A condition
on the platform takes it away from everybody else; any other is for a person to judge.

## Why
Where the condition does not hold, the import fails.

## Example
```python
if sys.platform == "win32":
    def cook(): ...  # it was there everywhere
```

## Source
[PEP 387](https://peps.python.org/pep-0387/), on what is public and what breaks it
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.comparison.python_items import parent
from lockstep.comparison.witness import used
from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)

_PLATFORM = pattern(r"\bplatform\b|os\.name|\bwindows\b|\bunix\b|target_os|target_arch", re.IGNORECASE)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every name that got a condition."""
    for old, new in comparison.python.pairs:
        above = comparison.head.items.get(parent(new.path))
        if old.condition is not None or new.condition is None or (above is not None and above.condition == new.condition):
            continue
        platform = _PLATFORM.search(new.condition) is not None
        yield comparison.finding(
            rule="name-conditional",
            impact=IMPACT if platform else Impact.REVIEW,
            old=old,
            new=new,
            message=f"{new.path} is there only if {new.condition}",
            help="give the other platforms a version that says what is missing, or name the change"
            if platform
            else "check that the condition holds wherever the package is supported",
            witness=used(old, comparison.base) if platform else None,
        )
