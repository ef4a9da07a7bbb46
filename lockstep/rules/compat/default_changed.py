"""A parameter has another default.

## What it does
Compares the values of defaults, not their spelling; a constant of the package stands for its value. `None` that became a private sentinel
or `...` still says that nothing was given. What a stub hides as `...` is not known.

## Why
Who leaves the argument out gets another result; whether that is a fix or a break, only a person knows.

## Example
```python
def cook(eggs=2): ...  # was: def cook(eggs=1)
```

## Source
lockstep's policy: a default is behaviour, and behaviour is reviewed
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import CONSTRUCTORS
from lockstep.comparison.signatures import compare, same_value
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)


def _is_nothing(text: str) -> bool:
    """Say whether a default stands for "not given": None, or a name that is nobody's but the package's."""
    name = text.rpartition(".")[2]
    return text == "None" or name.startswith("_") or (name.isupper() and any(word in name for word in _SENTINELS))


_SENTINELS = ("MISSING", "UNSET", "SENTINEL", "NOTSET", "NOT_SET", "NOT_GIVEN", "NOTHING", "UNDEFINED")


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every default that means another value."""
    names = comparison.python
    for old, new in names.pairs:
        if old.call is None or new.call is None or old.name in CONSTRUCTORS:
            continue
        for before, after in compare(old.call, new.call).matched:
            if before.default is None or after.default is None or before.default == after.default or before.name.startswith("_"):
                continue
            was, now = names.value_of(comparison.base, old, before.default), names.value_of(comparison.head, new, after.default)
            if same_value(was, now) or "..." in {was, now} or (_is_nothing(before.default) and _is_nothing(after.default)):
                continue
            yield comparison.finding(
                rule="default-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} takes {after.default} for {after.name} where nothing is given, and took {before.default}",
                help="check that callers who give nothing get what they expect",
            )
