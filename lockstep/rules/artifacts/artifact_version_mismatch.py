"""A file is of another version than the release.

## What it does
The version in a file's metadata must be that which its package has at the tag.

## Why
A build from another commit, or a leftover in the folder of builds, is published under this tag, and cannot be taken back.

## Example
```
dist/spam-1.0.0-py3-none-any.whl artifact-version-mismatch: it is spam 1.0.0, and the release is 1.1.0
```

## Source
[PEP 440](https://peps.python.org/pep-0440/), [SemVer](https://semver.org)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim, says

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare the version with that of the package at the tag."""
    mine, file = claim.mine, claim.file
    if mine is not None and file.version and not says(file.version, mine.version):
        said = f"it is {file.package} {file.version}, and the release is {mine.version}"
        yield claim.finding("artifact-version-mismatch", said, "build it from the commit of the tag, in a clean folder")
