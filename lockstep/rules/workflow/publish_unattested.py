"""A job publishes files that nothing it waits for attested.

## What it does
Every job that attests an artifact must have ended before a job publishes that artifact. The PyPI action with trusted publishing attests by
itself, and counts where no job attests.

## Why
A file that is out before it is attested may never be: the publish cannot be taken back when the attestation fails.

## Example
```yaml
publish:
  needs: [build] # `attest` runs beside it
```

## Source
lockstep's own rule; [SLSA: distributing provenance](https://slsa.dev/spec/v1.1/distributing-provenance)
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
    """Look at what comes first of all that each publishing job owes."""
    yield from audit.first_owed(Role.ATTEST, "publish-unattested", "add the job that attests to `needs` of the publish, or of the staging")
