"""An archive holds a link, a device, or something else that is no file.

## What it does
Every member of a wheel, an sdist, a crate or an npm tarball must be a file or a folder.

## Why
A link may lead out of the folder in which it is unpacked, to what its reader did not mean to show or to overwrite.

## Example
```
dist/spam-1.0.0.tar.gz artifact-link: spam-1.0.0/data is a link
```

## Source
[PEP 721](https://peps.python.org/pep-0721/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim, first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Look for members that are neither files nor folders."""
    odd = (one for one in claim.file.members if one.kind not in ("file", "folder"))
    said = (f"{one.path} is {'a link' if one.kind == 'link' else 'neither a file nor a folder'}" for one in odd)
    return first_few(claim.finding("artifact-link", one, "put the file itself there, and build again") for one in said)
