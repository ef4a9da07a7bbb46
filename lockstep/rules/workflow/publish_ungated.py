"""A job publishes a commit that nobody asked about.

## What it does
Every publishing job must wait for a job that asks whether the workflows of this very commit succeeded: `lockstep gate ci`, the runs in
GitHub's API, an action that waits for checks. In a workflow that also runs for pushes and pull requests, its own tests are the gate.

## Why
A tag can be put on any commit: on one whose tests failed, or never ran.

## Example
```yaml
publish:
  needs: [build] # nothing asks whether ci.yml is green for this commit
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
    yield from audit.first_owed(Role.GATE, "publish-ungated", "add a job with `lockstep gate ci` and wait for it")
