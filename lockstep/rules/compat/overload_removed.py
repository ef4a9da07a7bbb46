"""A call that an overload promised is no longer promised.

## What it does
Every old overload must be taken over by a new one, by several that together take what it took, or by the one signature that is left: the same
arguments fit, and what comes back fits where it was used.

## Why
Type checkers reject the call, or what is done with its result.

## Example
```python
@overload
def cook(eggs: bytes) -> bytes: ...  # gone
```

## Source
[Overloads](https://typing.python.org/en/latest/spec/overload.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.typed_signatures import TypedCall, written
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Signature, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every old overload that nothing takes over."""
    names = comparison.python
    for old, new in names.pairs:
        if not old.overloads or new.call is None:
            continue
        from lockstep.comparison.argument_expansion import kinds_of_calls  # noqa: PLC0415 - few change a function with overloads

        left = new.overloads or (new.call,)

        def is_taken(calls: Signature, old: Item = old, new: Item = new, left: tuple[Signature, ...] = left) -> bool:
            return any(TypedCall(names, old, new, calls, after).accepts_old_calls() for after in left)

        for before in old.overloads:
            if before in left or is_taken(before) or all(map(is_taken, kinds_of_calls(before))):
                continue
            yield comparison.finding(
                rule="overload-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"no overload of {new.path} takes what ({written(before)}) took",
                help="keep the overload, or name the change",
                unless=Trait.OTHER_CALL,
            )
