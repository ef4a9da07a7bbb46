"""A registry serves other bytes than it states.

## What it does
The bytes of a file that a registry owns already are read to their end; their digest must be the one that the registry states.

## Why
Somebody between here and the registry, or the registry itself, gives out what it does not vouch for.

## Example
```
pypi:spam-1.0.0.tar.gz served-bytes-differ: 9f86d08 is served, 2c26b46 is stated
```

## Source
[Files of a project](https://docs.pypi.org/project-management/storage-limits/), [Publishing](https://doc.rust-lang.org/cargo/reference/publishing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.release.owed import Assembly

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Compare the digests."""
    for one in assembly.served:
        if one.is_other:
            said = f"{one.digest} is served, {one.observation.digest} is stated at {one.observation.endpoint}"
            help_ = "ask again from another network; where it stays so, tell who runs the registry"
            yield Finding(rule="served-bytes-differ", level=LEVEL, place=Place(path=one.observation.artifact), message=said, help=help_)
