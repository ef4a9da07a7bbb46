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

from lockstep.comparison.python_pairs import PythonPairs
from lockstep.comparison.typed_signatures import TypedCall, written
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, Signature, Trait

LEVEL = Level.WARNING
SINCE = "0.1.0"
IMPACT = Impact.TYPING
SURFACES = ("python",)
MOST_COMPARED = 40_000
"""Pairs of overloads of one function that are compared: two hundred old ones with as many new ones."""


class _Taking:
    """The signatures of a function that are left, and how many of them were compared with what is gone."""

    def __init__(self, names: PythonPairs, old: Item, new: Item, left: tuple[Signature, ...]) -> None:
        self._names, self._old, self._new, self._left = names, old, new, left
        self.compared = 0

    def takes(self, calls: Signature) -> bool:
        """Say whether one of them takes calls; none does once too many were compared."""
        for after in self._left:
            self.compared += 1
            if self.compared > MOST_COMPARED:
                return False
            if TypedCall(self._names, self._old, self._new, calls, after).accepts_old_calls():
                return True
        return False


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report every old overload that nothing takes over."""
    names = comparison.python
    for old, new in names.pairs:
        if not old.overloads or new.call is None:
            continue
        from lockstep.comparison.argument_expansion import kinds_of_calls  # noqa: PLC0415 - few change a function with overloads

        left = dict.fromkeys(new.overloads or (new.call,))
        gone = [one for one in old.overloads if one not in left]
        taking = _Taking(names, old, new, tuple(left))
        for number, before in enumerate(gone):
            if taking.takes(before) or (len(kinds := kinds_of_calls(before)) > 1 and all(map(taking.takes, kinds))):
                continue
            if taking.compared > MOST_COMPARED:
                yield comparison.finding(
                    rule="overload-removed",
                    impact=IMPACT,
                    old=old,
                    new=new,
                    message=f"{new.path} has too many overloads to compare all: who takes the calls of {len(gone) - number} old ones is not known",
                    help="look for what they took among the overloads that are left",
                    unless=Trait.OTHER_CALL,
                )
                break
            yield comparison.finding(
                rule="overload-removed",
                impact=IMPACT,
                old=old,
                new=new,
                message=f"no overload of {new.path} takes what ({written(before)}) took",
                help="keep the overload, or name the change",
                unless=Trait.OTHER_CALL,
            )
