"""The credential is there before the bytes were compared.

## What it does
In a job that compares its package with the attested one, the step that gets the credential of the registry must come after that.

## Why
Whatever runs in between, a build script too, can publish.

## Example
```yaml
- uses: rust-lang/crates-io-auth-action@...
- run: cargo package && cmp attested/*.crate target/package/*.crate
```

## Source
[crates.io: trusted publishing](https://crates.io/docs/trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the places of both steps."""
    for deed in audit.of(Role.MINT):
        compared = [one.index for one in audit.of(Role.VERIFY) if one.job.id == deed.job.id]
        published = [one.index for one in audit.publishes if one.job.id == deed.job.id]
        before = [index for index in compared if not published or index < max(published)]
        if before and deed.index < min(before):
            yield audit.finding(
                rule="token-minted-early",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} requests the registry token before it compares the files",
                help="move the step to just before the publish",
                symbol=deed.job.id,
            )
