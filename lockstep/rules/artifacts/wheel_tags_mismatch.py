"""The tags in a wheel are not those of its name.

## What it does
The `Tag` lines of a wheel's WHEEL must be the tags in the name of its file.

## Why
Installers choose by the name; a wheel for another platform or another Python is installed, and cannot be imported.

## Example
```
dist/spam-1.0.0-cp311-cp311-linux_x86_64.whl wheel-tags-mismatch: WHEEL says cp312-cp312-linux_x86_64, and the name of the file cp311-cp311-linux_x86_64
```

## Source
[Binary distribution format](https://packaging.python.org/en/latest/specifications/binary-distribution-format/), [Platform compatibility tags](https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/)
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes

from packaging.tags import parse_tag

from lockstep.model import Finding, Level
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare the tags in both places."""
    file = claim.file
    if file.kind is not ArtifactKind.WHEEL or not file.tags:
        return
    path = file.info("WHEEL")
    if path is None:
        yield claim.finding("wheel-tags-mismatch", "it has no WHEEL, which says for which platforms it is", "build it again with the ordinary tool")
        return
    lines = [str(one) for one in message_from_bytes(file.texts[path]).get_all("Tag", [])]
    said = {str(tag) for line in lines for tag in parse_tag(line)}
    if said != file.tags:
        more, less = sorted(said - file.tags), sorted(file.tags - said)
        told = f"WHEEL says {more[0]}, and the name of the file does not" if more else f"the name of the file says {less[0]}, and WHEEL does not"
        yield claim.finding("wheel-tags-mismatch", told, "build it again; auditwheel, delocate and `wheel tags` write both")
