"""A registry has a file of this version that the release does not owe.

## What it does
Files of the version that are at PyPI already must be among the built ones, or among those that the release workflow builds. With `--partial` nobody asks.

## Why
Whoever it fits installs it, and nobody has built or looked at it here.

## Example
```
pypi:spam-1.0.0-cp313-cp313-win_arm64.whl served-file-foreign: pypi has it, and the release does not owe it
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
    """Name what nobody owes."""
    for one in assembly.served if not assembly.partial else ():
        if one.artifact is None:
            registry = one.observation.artifact.partition(":")[0]
            said = f"{registry} has it, and it is neither among the built files nor owed by the release"
            help_ = "if it is yours, build it here too; if not, find out who published it, and release the next version"
            yield Finding(rule="served-file-foreign", level=LEVEL, place=Place(path=one.observation.artifact), message=said, help=help_)
