"""The name of a file is not that of its metadata.

## What it does
Name and version in the name of a file must be those of its metadata, in the spelling of its kind.

## Why
Installers choose by the name of the file and record what the metadata says; where the two differ, one release is installed as another.

## Example
```
dist/spam-1.0.0-py3-none-any.whl artifact-name-mismatch: the file is named spam 1.0.0, and its metadata says spam 1.0.1
```

## Source
[Binary distribution format](https://packaging.python.org/en/latest/specifications/binary-distribution-format/), [Source distribution format](https://packaging.python.org/en/latest/specifications/source-distribution-format/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.errors import VersionError
from lockstep.model import Finding, Level
from lockstep.release.built_file import compared
from lockstep.rules.artifacts import ArtifactClaim
from lockstep.versions.version import read_any

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare the name of the file with its metadata."""
    file = claim.file
    name, version = file.stated
    if not file.package or not file.version or not name:
        return
    try:
        same = read_any(version).is_same(read_any(file.version))
    except VersionError:
        same = version == file.version
    if not same or compared(file.registry, name) != compared(file.registry, file.package):
        said = f"the file is named {name} {version}".rstrip()
        help_ = "build it again; do not rename what was built"
        yield claim.finding("artifact-name-mismatch", f"{said}, and its metadata says {file.package} {file.version}", help_)
