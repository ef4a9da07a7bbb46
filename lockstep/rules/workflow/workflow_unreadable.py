"""A workflow cannot be read.

## What it does
Every release workflow, and what it calls, must be YAML as GitHub reads it: no key twice, no merge keys, one document.

## Why
What cannot be read cannot be judged; and readers that disagree about it run different releases.

## Example
```yaml
permissions: { contents: read }
permissions: write-all # a key that stands twice
```

## Source
[YAML 1.2](https://yaml.org/spec/1.2.2/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Report why."""
    for fault in audit.faults:
        yield audit.finding(rule="workflow-unreadable", level=LEVEL, place=fault.place, message=fault.message, help=fault.help)
