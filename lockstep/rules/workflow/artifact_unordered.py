"""A job takes an artifact of a job that it does not wait for.

## What it does
The jobs that upload an artifact must be among those that a job waits for which takes it. A pattern in a
job that neither attests, stages nor publishes is a warning.

## Why
Whichever job is faster decides what is released.

## Example
```yaml
stage:
  needs: [build] # `attest` uploads sigstore-bundle
  steps:
    - uses: actions/download-artifact@...
      with: { name: sigstore-bundle }
```

## Source
[download-artifact](https://github.com/actions/download-artifact)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.artifacts import always_matches
from lockstep.workflow.audit import Audit
from lockstep.workflow.audit_model import Download, Upload
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at each artifact that is taken."""
    for one in audit.downloads if audit.sound else ():
        if one.foreign or not audit.runs(one.job):
            continue
        makers = [up.job for up in audit.matching(one) if always_matches(one.name, up.name) and up.job.id != one.job.id]
        if "*" in one.name:  # a pattern may mean artifacts of later jobs too, which are not there yet
            makers = [job for job in makers if one.job.id not in audit.before(job)]
        calls = {job.id.partition(" / ")[0] for job in makers if job.id in audit.before(one.job)}
        makers = [job for job in makers if not calls or " / " not in job.id or job.id.partition(" / ")[0] in calls]  # one file that is called twice
        if "*" in one.name and any(up.job.id in audit.before(one.job) and _has_its_name(up, one) for up in audit.matching(one)):
            makers = [up.job for up in audit.matching(one) if _has_its_name(up, one)]
        late = [job for job in makers if job.id not in audit.before(one.job) and job.id not in audit.bringers(one.job)]
        if late and ("*" in one.name or len(late) == len(makers)):
            names = ", ".join(dict.fromkeys(job.id for job in late))
            decides = "*" not in one.name or audit.roles(one.job) & {Role.PUBLISH, Role.STAGE, Role.ATTEST}
            yield audit.finding(
                rule="artifact-unordered",
                level=LEVEL if decides else Level.WARNING,
                place=one.step.place,
                message=f"{one.job.id} downloads the artifact {one.name}, but {names}, which uploads it, is not in its needs",
                help=audit.to_wait(one.job, late),
                symbol=one.job.id,
            )


def _has_its_name(up: Upload, down: Download) -> bool:
    """Say whether an artifact is uploaded under the very text that the download has."""
    name, wanted = up.step.input("name"), down.step.input("name")
    return name is not None and wanted is not None and name.text.strip() == wanted.text.strip()
