"""A file that is named as the licence is not there.

## What it does
Each `License-File` of a wheel or an sdist must be a member; of a crate, the `license-file` of its manifest.

## Why
Who ships the package on must ship its licence, and cannot.

## Example
```
dist/spam-1.0.0-py3-none-any.whl licence-file-missing: its metadata names LICENSE, and it is not there
```

## Source
[PEP 639](https://peps.python.org/pep-0639/), [Cargo: license-file](https://doc.rust-lang.org/cargo/reference/manifest.html#the-license-and-license-file-fields)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Look for each file that is named."""
    file = claim.file
    named = list(file.metadata.get("license-file", ()))
    if file.kind is ArtifactKind.CRATE and isinstance(package := file.manifest.get("package"), dict) and isinstance(own := package.get("license-file"), str):
        named = [own.removeprefix("./")]
    paths = {one.path for one in file.members if one.kind == "file"}
    for one in named:
        if not any(path.endswith(f"/{one}") for path in paths):
            yield claim.finding("licence-file-missing", f"its metadata names {one}, and it is not there", "add the file to what is built", LEVEL)
