"""A workflow is not what GitHub's schema asks for.

## What it does
Looks for keys that GitHub does not know, jobs without steps, steps that neither run nor use anything, actions and workflows of this repository that
are not there.

## Why
GitHub refuses the whole workflow, or does without what the key was meant to say.

## Example
```yaml
jobs:
  publish:
    permision: { contents: read }
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Report what reading it found."""
    for fault in audit.workflow.faults if audit.workflow else ():
        yield audit.finding(rule="workflow-malformed", level=LEVEL, place=fault.place, message=fault.message, help=fault.help)
