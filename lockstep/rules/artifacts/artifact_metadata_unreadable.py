"""The metadata of a file cannot be read.

## What it does
A wheel needs METADATA, an sdist PKG-INFO, a crate Cargo.toml, an npm tarball package.json, each readable, and a name that its registry knows.

## Why
Without them nobody can tell of which package and version the file is; the registry refuses it, after others have been published.

## Example
```
dist/spam-1.0.0-py3-none-any.whl artifact-metadata-unreadable: it has no METADATA
```

## Source
[Core metadata](https://packaging.python.org/en/latest/specifications/core-metadata/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Tell what could not be read."""
    for fault in claim.file.faults:
        yield claim.finding("artifact-metadata-unreadable", fault, "build it again with the ordinary tool")
