"""The RECORD of a wheel does not say what is in it.

## What it does
RECORD must list every file of the wheel with its SHA-256 and size, and no other; only itself and its signatures go without.

## Why
Installers write what RECORD says, and refuse the rest; a file that it does not list stays behind for ever.

## Example
```
dist/spam-1.0.0-py3-none-any.whl wheel-record: spam/extra.py is not in RECORD
```

## Source
[Binary distribution format: signed wheel files](https://packaging.python.org/en/latest/specifications/binary-distribution-format/#signed-wheel-files)
"""

from __future__ import annotations

import base64
import binascii
import csv
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.built_file import FileMember
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim, first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"


_OWN = ("/RECORD", "/RECORD.jws", "/RECORD.p7s")


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Hold RECORD against the members, both ways."""
    return first_few(claim.finding("wheel-record", said, "build it again; do not change a wheel by hand") for said in _faults(claim))


def _faults(claim: ArtifactClaim) -> Iterator[str]:
    file = claim.file
    if file.kind is not ArtifactKind.WHEEL:
        return
    path = file.info("RECORD")
    if path is None:
        yield "it has no RECORD"
        return
    try:
        rows = [row for row in csv.reader(f"{line}\n" for line in file.texts[path].decode("utf-8").split("\n")) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        yield f"its RECORD cannot be read: {error}"
        return
    members = {one.path: one for one in file.members if one.kind == "file"}
    listed = {row[0]: (*row[1:3], "", "")[:2] for row in rows}
    for name, (digest, size) in listed.items():
        if name not in members:
            yield f"RECORD lists {name}, which is not in the wheel"
        elif not name.endswith(_OWN) and (said := _difference(members[name], digest, size)):
            yield said
    for name in members:
        if name not in listed and not name.endswith(_OWN):
            yield f"{name} is not in RECORD"


def _difference(member: FileMember, digest: str, size: str) -> str | None:
    """Say what RECORD has wrong about a file, which must have a digest of SHA-256 or better."""
    algorithm, _, written = digest.partition("=")
    if not written:
        return f"RECORD has no digest of {member.path}"
    if algorithm != "sha256":
        return None if algorithm in ("sha384", "sha512") else f"RECORD has a digest of {algorithm} of {member.path}, expected sha256"
    try:
        said = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).hex()
    except (binascii.Error, ValueError):
        said = ""
    if said != member.sha256:
        return f"{member.path} is not the file that RECORD lists: it has another digest"
    return f"RECORD says that {member.path} has {size} bytes, and it has {member.size}" if size and size != str(member.size) else None
