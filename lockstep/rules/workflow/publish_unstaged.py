"""A job publishes files that were put aside nowhere.

## What it does
Looks at what every publishing job waits for: a job there must stage the files that it publishes, on a draft release or as an artifact.
Where a staging job takes the same artifact, it is that job that must be waited for. What else is missing with it is said in the same finding.

## Why
What reaches the registry can be compared with nothing, and a release that fails half way leaves no files to go on with.

## Example
```yaml
publish:
  needs: [guard, build] # `stage` is forgotten
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
    yield from audit.first_owed(Role.STAGE, "publish-unstaged", "add the job that stages the files to `needs`")
