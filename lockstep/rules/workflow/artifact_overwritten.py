"""An artifact of the release may be replaced under its name.

## What it does
No upload that a publishing, attesting or staging job takes may have `overwrite: true`.

## Why
What was attested is not what is published when a later step puts other bytes under the same name.

## Example
```yaml
- uses: actions/upload-artifact@...
  with: { name: dist, overwrite: true }
```

## Source
[upload-artifact](https://github.com/actions/upload-artifact#overwriting-an-artifact)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the uploads that matter."""
    ends = {deed.job.id: deed.job for deed in audit.of(Role.PUBLISH, Role.ATTEST, Role.STAGE)}
    taken = {id(up) for job in ends.values() for up in audit.taken(job)}
    for up in audit.uploads:
        if id(up) in taken and up.step.is_on("overwrite"):
            yield audit.finding(
                rule="artifact-overwritten",
                level=LEVEL,
                place=up.step.at(up.step.inputs["overwrite"]),
                message=f"{up.job.id} uploads the artifact {up.name}, which is released, with overwrite: true",
                help="give every artifact its own name",
                symbol=up.job.id,
            )
