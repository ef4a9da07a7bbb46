"""A name left `__all__`, or an `__all__` came that does not list it.

## What it does
Reports a name that is still there and that its module no longer declares public: `from x import *` does not bring it any more. Where the module
had no `__all__` before, nobody had listed the name; every other use works as before, and a person must look whether wildcard imports of the module
matter. So must one where the module only imports now what it defined, which works as long as the import stays, and where a type variable left
`__all__`, for which hardly anybody takes a wildcard.

## Why
Code that takes the module with a wildcard fails, and tools and people take what `__all__` leaves out for private.

## Example
```python
__all__ = ["cook"]  # was ["cook", "serve"]
def cook(): ...
def serve(): ...
```

## Source
[The import statement](https://docs.python.org/3/reference/simple_stmts.html#import); [library
interface](https://typing.python.org/en/latest/spec/distributing.html#library-interface-public-and-private-symbols)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.comparison.python_items import is_annotation_variable, parent
from lockstep.comparison.witness import starred
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison
from lockstep.surface import Item, ItemKind, Trait

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report what was public and is private, and still there."""
    for old, new in comparison.python.unlisted:
        own = is_annotation_variable(old)
        first = not _was_listed(comparison, old)
        yield comparison.finding(
            rule="name-unlisted",
            impact=Impact.REVIEW if own or first else IMPACT,
            old=old,
            new=new,
            message=f"{old.path} is no longer public: the __all__ {'that its module has now' if first else 'of its module'} does not list it",
            help="check whether anybody takes this type variable"
            if own
            else f"check whether anybody writes `from {parent(old.path)} import *`: nothing else fails"
            if first
            else "list it in __all__, or deprecate it first and name the change in a migration note",
            witness=None if own or first else starred(old.path),
        )
    for old, new in comparison.python.imported:
        yield comparison.finding(
            rule="name-unlisted",
            impact=Impact.REVIEW,
            old=old,
            new=new,
            message=f"{old.path} is only imported from {parent(new.origin)} now",
            help=f"check that it does what it did; `import {new.origin.rpartition('.')[2]} as {old.name}` or `__all__` says that it is given on",
        )


def _was_listed(comparison: Comparison, old: Item) -> bool:
    """Say whether the module of a name had an `__all__` already; what is below a name that is given on counts as listed there."""
    module = comparison.base.items.get(parent(old.path))
    return module is None or module.kind is not ItemKind.MODULE or Trait.LISTED in module.traits
