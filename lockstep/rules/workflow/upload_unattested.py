"""An artifact is published or staged that nothing attests.

## What it does
Where a release attests its files, every artifact with distributions that a publishing or staging job takes must be among those attested: the
canonical one, not the raw output of the builds.

## Why
The attested and the published bytes are not the same, and nobody notices: both look right by themselves.

## Example
```yaml
- uses: actions/download-artifact@... # in the publishing job
  with: { pattern: wheels-*, path: dist } # attested is `canonical-dist`
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at each artifact that is taken to be published or staged."""
    for one, up in audit.uncovered if audit.sound else ():
        yield audit.finding(
            rule="upload-unattested",
            level=LEVEL,
            place=one.step.place,
            message=f"{one.job.id} downloads the artifact {up.name}, which no job of this release attests",
            help="take the artifact that is attested, or attest this one",
            symbol=one.job.id,
        )
