"""A file of an archive lies outside of its own folder.

## What it does
An sdist and a crate hold one folder, `NAME-VERSION`; an npm tarball holds `package`; what a wheel says of itself lies in its own `.dist-info` and `.data`.

## Why
What lies elsewhere is unpacked into folders of others, and no uninstaller knows of it.

## Example
```
target/package/spam-1.0.0.crate artifact-outside: other/lib.rs lies outside of spam-1.0.0/
```

## Source
[Source distribution format](https://packaging.python.org/en/latest/specifications/source-distribution-format/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim, first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Look at the first part of every path."""
    file = claim.file
    match file.kind:
        case ArtifactKind.CRATE:
            top = file.name.removesuffix(".crate")
        case ArtifactKind.SDIST:
            top = file.name.removesuffix(".tar.gz")
        case ArtifactKind.NPM:
            top = next((one.path.split("/")[0] for one in file.members if one.path.count("/") == 1 and one.path.endswith("/package.json")), "package")
        case _:
            return iter(())
    outside = (one for one in file.members if one.path.split("/")[0] != top and one.path != "pax_global_header")
    return first_few(claim.finding("artifact-outside", f"{one.path} lies outside of {top}/", "build it again with the ordinary tool") for one in outside)
