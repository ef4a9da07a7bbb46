"""A file is of no package of the release, or is none that its package owes.

## What it does
Every file must be of a package of the group that is published. Where the release workflow tells all files of a package, a file that is none of them is a
warning.

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
from lockstep.release.owed import Standing
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Ask whether the release owes the package."""
    file = claim.file
    if file.package and claim.mine is None:
        help_ = "leave the file out, or see why: lockstep release plan lists what is published"
        yield claim.finding("artifact-not-owed", f"{file.package} is no package that this release publishes to {file.registry}", help_)
    elif (told := claim.owing.told(file)) and claim.owing.standing(file) is Standing.FOREIGN:
        help_ = "was it built by hand, or left from another build? lockstep release plan --verbose lists what the workflow builds"
        message = f"no job of the release workflow builds it, which builds {len(told)} other files of {claim.mine.name if claim.mine else file.package}"
        yield claim.finding("artifact-not-owed", message, help_, Level.WARNING)
