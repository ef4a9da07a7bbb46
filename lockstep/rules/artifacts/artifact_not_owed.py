"""A file is of no package of the release.

## What it does
Every file must be of a package of the group that is published.

## Why
What is uploaded cannot be taken back: a private package, or one of another group at a version of its own, would be out for good.

## Example
```
dist/internal-1.0.0-py3-none-any.whl artifact-not-owed: internal is no package that this release publishes to pypi
```

## Source
[Deleting releases](https://docs.pypi.org/project-management/yanking/): what was published once stays used
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Ask whether the release owes the package."""
    file = claim.file
    if file.package and claim.mine is None:
        help_ = "leave the file out, or see why: lockstep release plan lists what is published"
        yield claim.finding("artifact-not-owed", f"{file.package} is no package that this release publishes to {file.registry}", help_)
