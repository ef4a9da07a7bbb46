"""A release downloads an artifact of another workflow run.

## What it does
No job on the way to a publish may take artifacts by `run-id` or `repository`, or with an action that looks into other runs.

## Why
What another run made is not what this commit makes: a pull request's run can be the one that is found.

## Example
```yaml
- uses: dawidd6/action-download-artifact@...
  with: { workflow: build.yml }
```

## Source
[zizmor: dangerous-triggers](https://docs.zizmor.sh/audits/#dangerous-triggers), [download-artifact](https://github.com/actions/download-artifact#download-artifacts-from-other-workflow-runs-or-repositories)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_OTHERS = ("dawidd6/action-download-artifact", "aochmann/actions-download-artifact", "robinraju/release-downloader")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every download on the way to a publish."""
    if not audit.publishes:
        return
    taken = {id(one.step) for one in audit.downloads if one.foreign}
    for job, step in audit.steps:
        if id(step) in taken or step.action in _OTHERS[:2]:
            yield audit.finding(
                rule="artifact-foreign",
                level=LEVEL,
                place=step.place,
                message=f"{job.id} takes an artifact of another run",
                help="build it in this workflow, and pass it on by actions/upload-artifact",
                symbol=job.id,
            )
