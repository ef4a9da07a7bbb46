"""A registry has a file of this version that is none of the release's.

## What it does
Files of the version that are at PyPI already must be among the built ones, or among those that the release workflow builds, where that tells all files of
their package. With `--partial`, too.

## Why
Whoever it fits installs it, and nobody has built or looked at it here.

## Example
```
pypi:spam-1.0.0-cp313-cp313-win_arm64.whl served-file-foreign: pypi has it, and no job of the release workflow builds it
```

## Source
[Files of a project](https://docs.pypi.org/project-management/storage-limits/), [Publishing](https://doc.rust-lang.org/cargo/reference/publishing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.release.owed import Assembly, Standing

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(assembly: Assembly) -> Iterator[Finding]:
    """Name what nobody owes."""
    for one in assembly.served:
        if one.artifact is None and assembly.standing(one) is Standing.FOREIGN:
            registry = one.observation.artifact.partition(":")[0]
            said = f"{registry} has it, it is not among the built files, and no job of the release workflow builds it"
            help_ = "if it is yours, build it here too; if not, find out who published it, and release the next version"
            yield Finding(rule="served-file-foreign", level=LEVEL, place=Place(path=one.observation.artifact), message=said, help=help_)
