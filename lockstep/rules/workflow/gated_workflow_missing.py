"""The gate waits for a workflow that does not exist.

## What it does
Every workflow that the gate asks about must be a file in `.github/workflows` that can be read.

## Why
The gate refuses every release, or was changed to let all pass.

## Example
```yaml
- run: gh api "repos/$REPO/actions/workflows/tests.yml/runs?head_sha=$SHA" # the file is ci.yml
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Workflow

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for each file."""
    names = ", ".join(sorted(basename(path) for path in audit.others))
    for one in audit.gated:
        found = next((other for path, other in audit.others.items() if basename(path) == one.name), None)
        if not isinstance(found, Workflow):
            why = "is not in .github/workflows" if found is None else "cannot be read"
            yield audit.finding(
                rule="gated-workflow-missing",
                level=LEVEL,
                place=one.deed.place,
                message=f"the gate waits for {one.name}, which {why}",
                help=f"the workflows are {names}",
                symbol=one.name,
            )
