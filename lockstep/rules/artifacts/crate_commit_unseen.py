"""A crate does not say from which commit it was packed.

## What it does
A crate that cargo packs in a repository has a `.cargo_vcs_info.json`.

## Why
Without it nobody can tell later that the crate is that of the tag; it is missing where cargo was called with `--allow-dirty` outside of git.

## Example
```
target/package/spam-1.0.0.crate crate-commit-unseen: it has no .cargo_vcs_info.json
```

## Source
[cargo package](https://doc.rust-lang.org/cargo/commands/cargo-package.html#cargo_vcs_infojson-format)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.candidate import ArtifactKind
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Ask whether there is a commit."""
    if claim.file.kind is ArtifactKind.CRATE and claim.file.commit is None:
        said = "it has no .cargo_vcs_info.json that names a commit"
        yield claim.finding("crate-commit-unseen", said, "pack it in the repository: cargo package --locked", LEVEL)
