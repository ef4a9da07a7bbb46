"""Files are uploaded to a release that may not be there yet.

## What it does
Where a job makes the draft release, every job with `gh release upload` must wait for it.

## Why
Whichever job is faster decides: the upload fails, or a later run works and hides the fault.

## Example
```yaml
stage:
  needs: [attest] # `notes`, which makes the draft, is forgotten
  steps:
    - run: gh release upload "$TAG_NAME" dist/*
```

## Source
[gh release upload](https://cli.github.com/manual/gh_release_upload)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what every upload waits for."""
    drafts = audit.of(Role.DRAFT)
    owing = {job.id for job in audit.publish_jobs if Role.STAGE in audit.missing(job)} if audit.sound and drafts else set()
    for deed in audit.of(Role.STAGE) if audit.sound and drafts else ():
        if audit.before(deed.job) & owing:
            continue  # what comes before it does not wait for its own staging, which brings the draft
        if deed.what.startswith("gh release upload") and not any(audit.awaits(deed.job, one) for one in drafts):
            yield audit.finding(
                rule="stage-before-draft",
                level=LEVEL,
                place=deed.place,
                message=f"{deed.job.id} uploads to the release, but does not wait for {drafts[0].job.id}, which makes it",
                help=audit.to_wait(deed.job, (drafts[0].job,)),
                symbol=deed.job.id,
            )
