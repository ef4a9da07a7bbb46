"""Members of an enumeration of texts are written otherwise.

## What it does
Reports a `class Color(str, Enum)` that became a `StrEnum`, or the other way round, and that has no `__str__` of its own.

## Why
`str(Color.RED)` and an f-string give `red` where they gave `Color.RED`; whether anybody shows or stores it, only a person knows.

## Example
```python
class Color(StrEnum): ...  # was: class Color(str, Enum)
```

## Source
[StrEnum](https://docs.python.org/3/library/enum.html#enum.StrEnum)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.REVIEW
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every enumeration of texts that changed its base."""
    for old, new in comparison.python.classes:
        if Trait.ENUM not in old.traits or Trait.ENUM not in new.traits:
            continue
        if f"{old.path}.__str__" in comparison.base.items or f"{new.path}.__str__" in comparison.head.items:
            continue
        texts = [{"builtins.str", "enum.StrEnum"} & {*one.bases, *one.ancestors} for one in (old, new)]
        if all(texts) and ("enum.StrEnum" in texts[0]) is not ("enum.StrEnum" in texts[1]):
            yield comparison.finding(
                rule="enum-text-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"the members of {new.path} are written {'as their values' if 'enum.StrEnum' in texts[1] else 'with the name of the class'}",
                help="give it a __str__ that writes them as before, or check that nobody shows or stores the text",
            )
