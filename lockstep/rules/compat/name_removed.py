"""A public name was removed.

## What it does
Reports a module, class, function, method or variable that users could reach and no longer can, at the shortest path that they had. What is
below it is not reported again. A method that a base still gives, and a name that is still importable, are not gone. Where something may
still give the name (a module's `__getattr__`, a base from elsewhere, a file that could not be read) a person must look, and so must one where a type
variable went, which a module makes for its own annotations.

## Why
The import, or the access, fails.

## Example
```python
# 0.4
from ordvec import search_asymmetric_byte_lut
# 0.5: ImportError
```

## Source
[PEP 387](https://peps.python.org/pep-0387/), on what is public and what breaks it
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import is_annotation_variable, is_refused, parent
from lockstep.comparison.witness import used
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def described(old: Item, owner: Item | None) -> str:
    """Say what an item is, in a word."""
    if owner is None or owner.kind is not ItemKind.CLASS:
        return old.kind.value.replace("_", " ")
    return "method" if old.kind is ItemKind.FUNCTION else "member" if Trait.MEMBER in old.traits else old.kind.value


def state(new: Item | None) -> str:
    """Say what became of it."""
    if new is None:
        return "was removed"
    if is_refused(new):
        return "only gives NotImplemented now"
    if Trait.TYPING_ONLY in new.traits:
        return "is there for type checkers only"
    return "is listed in __all__, and nothing defines it" if new.origin == new.path else f"is imported from {new.origin}, which is not there"


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report what was removed and was promised at run time."""
    names = comparison.python
    for removed in names.removed:
        old = removed.item
        owner = comparison.base.items.get(parent(old.path))
        kinds = owner.traits if owner is not None else frozenset()
        if Trait.TYPING_ONLY in old.traits or kinds & {Trait.PROTOCOL, Trait.TYPEDDICT} or (Trait.NAMEDTUPLE in kinds and Trait.FIELD in old.traits):
            continue
        new = comparison.head.items.get(old.path)
        own = is_annotation_variable(old)
        yield comparison.finding(
            rule="name-removed",
            impact=Impact.REVIEW if removed.doubt or own else IMPACT,
            old=old,
            new=None,
            message=f"the {described(old, owner)} {old.path} {'is no longer written down' if removed.doubt else state(new)}",
            help=f"check whether it can still be reached: {removed.doubt}"
            if removed.doubt
            else "check whether anybody takes this type variable"
            if own
            else "keep the old name for a while, with a DeprecationWarning, or name the change in a migration note",
            witness=None if removed.doubt or own else used(old, comparison.base),
        )
