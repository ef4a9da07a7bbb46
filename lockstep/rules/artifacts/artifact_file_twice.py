"""An archive holds a path twice.

## What it does
No two members of an archive may have the same path, also where case is not told apart.

## Why
What is installed depends on who unpacks: one reader takes the first, another the last. A file that was looked at is not the one that runs.

## Example
```
dist/spam-1.0.0-py3-none-any.whl artifact-file-twice: spam/__init__.py stands in it twice
```

## Source
[Binary distribution format](https://packaging.python.org/en/latest/specifications/binary-distribution-format/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim, first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare the paths of the members."""
    return first_few(_found(claim))


def _found(claim: ArtifactClaim) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for member in claim.file.members:
        known = seen.setdefault(member.path.casefold().rstrip("/"), member.path)
        if known is not member.path and member.kind != "folder":
            twice = f"{member.path} stands in it twice"
            alike = f"{known} and {member.path} are one file where case is not told apart"
            yield claim.finding("artifact-file-twice", twice if known == member.path else alike, "build it again, from a clean folder")
