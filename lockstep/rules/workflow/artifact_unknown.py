"""A job takes an artifact that no job uploads.

## What it does
The name or pattern of every download must meet the name of an upload of the same workflow.

## Why
The job fails on the day of the release; with a pattern it goes on with nothing.

## Example
```yaml
- uses: actions/download-artifact@...
  with: { name: dist-crat } # uploaded is `dist-crate`
```

## Source
[download-artifact](https://github.com/actions/download-artifact)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the upload of each download."""
    if not audit.uploads or any(
        job.calls is not None and not job.calls.local and job.calls.name != "slsa-framework/slsa-github-generator" for job in audit.jobs.values()
    ):
        return
    names = ", ".join(sorted({up.name for up in audit.uploads}))
    for one in audit.downloads:
        if not one.foreign and not one.everything and not audit.matching(one) and audit.runs(one.job):
            yield audit.finding(
                rule="artifact-unknown",
                level=LEVEL,
                place=one.step.place,
                message=f"{one.job.id} downloads the artifact {one.name}, which no job uploads",
                help=f"the artifacts are {names}",
                symbol=one.job.id,
            )
