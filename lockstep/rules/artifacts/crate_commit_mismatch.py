"""A crate was packed from another commit, or from changes that are in none.

## What it does
The `.cargo_vcs_info.json` of a crate must name the commit of the tag, and not be dirty.

## Why
Whoever looks at the tag sees other sources than those that users build.

## Example
```
target/package/spam-1.0.0.crate crate-commit-mismatch: it was packed from 1234567, and the tag is of 89abcde
```

## Source
[cargo package](https://doc.rust-lang.org/cargo/commands/cargo-package.html#cargo_vcs_infojson-format)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.artifacts import ArtifactClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: ArtifactClaim) -> Iterator[Finding]:
    """Compare the commit that the crate names."""
    file, help_ = claim.file, "pack it at the tag, with nothing changed: cargo package --locked"
    if file.commit is not None and file.commit != claim.commit:
        yield claim.finding("crate-commit-mismatch", f"it was packed from {file.commit[:9]}, and the tag is of {claim.commit[:9]}", help_)
    if file.dirty:
        yield claim.finding("crate-commit-mismatch", f"it was packed with changes that are not in {(file.commit or claim.commit)[:9]}", help_)
