"""A name left `__all__`, or an `__all__` came that does not list it.

## What it does
Reports a name that is still there and that its module no longer declares public: `from x import *` does not bring it any more. Where the module
only imports now what it defined, every use works as long as the import stays, and a person must look; so must one where a type variable left
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

from lockstep.comparison.python_items import is_type_variable, parent
from lockstep.comparison.witness import starred
from lockstep.model import Finding, Level
from lockstep.policy.semver import Impact
from lockstep.rules.compat import Comparison

LEVEL = Level.ERROR
SINCE = "0.1.0"
IMPACT = Impact.BREAKING
SURFACES = ("python",)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Report what was public and is private, and still there."""
    for old, new in comparison.python.unlisted:
        yield comparison.finding(
            rule="name-unlisted",
            impact=Impact.REVIEW if (own := is_type_variable(old) and "NewType" not in (old.value or "")) else IMPACT,
            old=old,
            new=new,
            message=f"{old.path} is no longer public: the __all__ of its module does not list it",
            help="check whether anybody takes this type variable"
            if own
            else "list it in __all__, or deprecate it first and name the change in a migration note",
            witness=None if own else starred(old.path),
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
