"""A protocol requires another method.

## What it does
Reports a method of a protocol that can be called as before, and is more than the classes that fitted it have: it takes a parameter that is new, or
what it gives must be of a narrower type.

## Why
Type checkers reject classes that fitted it.

## Example
```python
class Cooks(Protocol):
    def fry(self, egg: Egg, *, salt: bool = False) -> Meal: ...  # was: def fry(self, egg: Egg) -> Meal
```

## Source
[Protocols](https://typing.python.org/en/latest/spec/protocol.html#assignability-relationships-with-protocols)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_annotations import short
from lockstep.comparison.python_assignability import Answer
from lockstep.comparison.python_items import parent
from lockstep.comparison.signatures import Fault, compare
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
    """Report every method that those who implement it must write otherwise; what breaks those who call it has its own finding."""
    for old, new in comparison.python.methods:
        owners = comparison.base.items.get(parent(old.path)), comparison.head.items.get(parent(new.path))
        if all(one is not None and Trait.PROTOCOL in one.traits for one in owners) and (asked := _asked(comparison, old, new)):
            yield comparison.finding(
                rule="protocol-member-changed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"{new.path} must {asked} in every class that fits the protocol",
                help="make a protocol of its own that descends from it, or name the change",
                unless=Trait.OTHER_CALL,
            )


def _asked(comparison: Comparison, old: Item, new: Item) -> str:
    """Say what a class must do now, nothing where those that fitted it do."""
    if old.call is None or new.call is None or old.overloads or new.overloads:
        return ""
    added = [one.after.name for one in compare(old.call, new.call).changes if one.fault in {Fault.ADDED, Fault.SHADOWS}]
    if added and not compare(new.call, old.call).fits:
        return f"take {', '.join(added)}"
    narrower = TypedCall(comparison.python, new, old, new.call, old.call).returns() is Answer.NO
    if narrower and TypedCall(comparison.python, old, new, old.call, new.call).returns() is Answer.YES:
        return f"give {short(new.call.returns)}"
    return ""
