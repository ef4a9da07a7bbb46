"""A called workflow gets every secret.

## What it does
A call on the way to a publish should name the secrets that it gives, and not `inherit` them.

## Why
The called workflow, of another repository perhaps, gets what it does not need.

## Example
```yaml
publish:
  uses: ./.github/workflows/publish.yml
  secrets: inherit
```

## Source
[zizmor: secrets-inherit](https://docs.zizmor.sh/audits/#secrets-inherit)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the calls."""
    seen: set[Place] = set()
    for job in audit.route:
        if isinstance(job.secrets, Scalar) and job.secrets.text == "inherit":
            place = job.at(job.secrets)
            if place not in seen:
                seen.add(place)
                yield audit.finding(
                    rule="secrets-inherited",
                    level=LEVEL,
                    place=place,
                    message=f"{job.id.partition(' / ')[0]} passes all secrets to the workflow that it calls: secrets: inherit",
                    help="name the secrets that it needs",
                    symbol=job.id,
                )
