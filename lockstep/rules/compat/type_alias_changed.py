"""An alias of a type stands for another type.

## What it does
Compares what the alias stood for with what it stands for, not the spelling. An alias is used for what is given and for what comes back, so
that it may become neither wider nor narrower.

## Why
Type checkers reject annotations that fitted.

## Example
```python
Number = int  # was: int | float
```

## Source
[Type aliases](https://typing.python.org/en/latest/spec/aliases.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_annotations import parse, short
from lockstep.comparison.python_assignability import Answer, assignable
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import ItemKind

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every alias that means another type."""
    names = comparison.python
    for old, new in names.pairs:
        if old.kind is not ItemKind.TYPE_ALIAS or old.annotation is None or new.annotation is None or old.annotation == new.annotation:
            continue
        known = names.hierarchy(new)
        before, after = parse(old.annotation), parse(new.annotation)
        answers = {assignable(after, before, known), assignable(before, after, known)}
        if answers != {Answer.YES}:
            changed = Answer.NO in answers
            yield comparison.finding(
                rule="type-alias-changed",
                impact=IMPACT if changed else Impact.REVIEW,
                old=old,
                new=new,
                message=f"{new.path} stands for {short(new.annotation)}, and stood for {short(old.annotation)}",
                help="give the new type a name of its own, or name the change" if changed else "check that it means the same",
            )
