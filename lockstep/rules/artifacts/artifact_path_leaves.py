"""A path in an archive leads out of the folder in which it is unpacked.

## What it does
No path of a member may be absolute, hold `..`, a backslash, a drive or a control character.

## Why
Some who unpack follow it, and write over files of the person who installs.

## Example
```
dist/spam-1.0.0-py3-none-any.whl artifact-path-leaves: ../../bin/sh leads out of the archive
```

## Source
[CVE-2007-4559](https://nvd.nist.gov/vuln/detail/CVE-2007-4559)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.rules.artifacts import ArtifactClaim, first_few

_LEAVES = pattern(r"/|[A-Za-z]:|.*\\|(?:.*/)?\.\.(?:/|$)")
_CONTROL = pattern(r"[\x00-\x1f\x7f]")

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Look at every path."""
    leaving = (f"{one.path!r} {said}" for one in claim.file.members if (said := _fault(one.path)))
    return first_few(claim.finding("artifact-path-leaves", said, "build it again with the ordinary tool") for said in leaving)


def _fault(path: str) -> str:
    if _CONTROL.search(path):
        return "has a control character"
    return "leads out of the archive" if _LEAVES.match(path) else ""
