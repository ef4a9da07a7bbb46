"""A function gives back types that it did not give before.

## What it does
Compares types, not their spelling: what comes back must fit where the old type was expected, so that a narrower type is no fault. Where a
class from elsewhere is in the way, a person must look. A type that is no longer written at all is told too.

## Why
Type checkers reject code that uses the result as before.

## Example
```python
def cook() -> int | None: ...  # was: def cook() -> int
```

## Source
[Assignability](https://typing.python.org/en/latest/spec/concepts.html#summary-of-type-relations)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.call_results import changed_outcomes
from lockstep.comparison.python_annotations import short
from lockstep.comparison.python_assignability import Answer
from lockstep.comparison.python_items import CONSTRUCTORS, is_operator_method
from lockstep.comparison.typed_signatures import TypedCall
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every result that no longer fits where it is used."""
    names = comparison.python
    for old, new in names.methods:
        if (
            old.call is None
            or new.call is None
            or old.overloads
            or new.overloads
            or old.call.returns == new.call.returns
            or not names.have_one_author(old, new)
        ):
            continue
        if (lost := _lost(old, new)) is not None:
            yield comparison.finding(
                rule="return-type-widened",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} no longer has a return annotation, which was {short(lost)}",
                help="write the type of the result",
                unless=Trait.OTHER_RESULT,
            )
            continue
        answer = TypedCall(names, old, new, old.call, new.call).returns()
        if answer in {None, Answer.YES} or names.differ_in_aliases_only(old.call.returns, new.call.returns):
            continue
        widened = answer is Answer.NO
        yield comparison.finding(
            rule="return-type-widened",
            impact=IMPACT if widened else Impact.REVIEW,
            old=old,
            new=new,
            message=f"{new.path} returns {short(new.call.returns)}, and returned {short(old.call.returns)}",
            help="give the old type, or name the change" if widened else "check that the result is used as before: one of the types is not known here",
            unless=Trait.OTHER_RESULT,
        )


def _lost(old: Item, new: Item) -> str | None:
    """Give the type of a result that is no longer written; that nothing comes back needs no word."""
    assert old.call is not None
    assert new.call is not None
    if new.call.returns is not None or old.call.returns in {None, "None", "typing.Any"} or changed_outcomes(old, new) is not None:
        return None
    return None if is_operator_method(old) or old.name in CONSTRUCTORS or Trait.NATIVE in old.traits | new.traits else old.call.returns
