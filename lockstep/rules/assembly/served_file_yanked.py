"""A registry has a file of the release, and it was withdrawn.

## What it does
No file that a registry owns already may be yanked, or deprecated on npm.

## Why
What was yanked cannot be uploaded again: the release would stay without it.

## Example
```
pypi:spam-1.0.0.tar.gz served-file-yanked: it was yanked: broken
```

## Source
[Yanking](https://docs.pypi.org/project-management/yanking/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.release.observation import State
from lockstep.release.owed import Assembly

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Name what was withdrawn."""
    for one in assembly.served:
        if one.observation.state is State.YANKED:
            help_ = "take the withdrawal back if it was a mistake; else bump, and release the next version"
            yield Finding(rule="served-file-yanked", level=LEVEL, place=Place(path=one.observation.artifact), message=one.observation.why, help=help_)
