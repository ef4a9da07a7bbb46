"""An attestation is about files that are neither published nor staged.

## What it does
Every artifact of distributions that a job attests must be one that some job publishes or stages.

## Why
The attestation is true and useless: it vouches for the raw builds, and the users get others.

## Example
```yaml
attest:
  steps:
    - uses: actions/download-artifact@...
      with: { pattern: wheels-* } # published is `canonical-dist`
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import is_distribution
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare what is attested with what is used."""
    ends = [deed.job for deed in (*audit.publishes, *audit.of(Role.STAGE))]
    used = [up for job in ends for up in audit.taken(job)]
    if (
        not audit.sound
        or audit.uncovered
        or not used
        or (any(one.everything for one in audit.downloads if one.job.id in {job.id for job in ends}) and not audit.publishes)
    ):
        return
    for name, covered in audit.attested.items():
        for up in covered:
            if is_distribution(up) and up not in used and not any(up in audit.taken(job) for job in audit.jobs.values() if _passes_on(audit, job, name)):
                yield audit.finding(
                    rule="attest-foreign",
                    level=LEVEL,
                    place=audit.jobs[name].place,
                    message=f"{name} attests the artifact {up.name}, which is neither published nor staged",
                    help="attest the artifact that is published",
                    symbol=name,
                )


def _passes_on(audit: Audit, job: Job, attests: str) -> bool:
    """Say whether a job behind the attestation takes artifacts on, whatever it does with them."""
    return attests in audit.before(job) and any(up.job.id == job.id for up in audit.uploads)
