"""A wheel has no `.dist-info` folder of its own name, or more than one.

## What it does
A wheel holds one `.dist-info` folder, named as its file is: `NAME-VERSION.dist-info`.

## Why
Installers refuse it, or take the metadata of another package for its own.

## Example
```
dist/spam-1.0.0-py3-none-any.whl wheel-dist-info: it has spam-1.0.0.dist-info and ham-2.0.dist-info, expected one
```

## Source
[Binary distribution format](https://packaging.python.org/en/latest/specifications/binary-distribution-format/)
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from lockstep.model import Finding, Level
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Look at the folders at the top of the wheel."""
    file = claim.file
    if file.kind is not ArtifactKind.WHEEL:
        return
    found = sorted({top for one in file.members if (top := one.path.split("/")[0]).endswith(".dist-info")})
    if len(found) != 1:
        said = f"it has {', '.join(found)}" if found else "it has no .dist-info folder"
        yield claim.finding("wheel-dist-info", f"{said}, expected one", "build it again with the ordinary tool")
        return
    name, _, version = found[0].removesuffix(".dist-info").partition("-")
    own = file.name.split("-")
    if canonicalize_name(name) != canonicalize_name(own[0]) or (len(own) > 1 and version != own[1] and version.replace("_", "-") != own[1]):
        said = f"its metadata lies in {found[0]}, expected {'-'.join(own[:2])}.dist-info"
        yield claim.finding("wheel-dist-info", said, "build it again; do not rename what was built")
