"""A failure on the way to a publish is ignored.

## What it does
No job on the way to a publish or to the un-draft, and no step of such a job, may have `continue-on-error`. Where the matrix decides it, this is a
warning. A step whose `outcome` the job looks at later is left alone, and one that does not run in a release.

## Why
The job counts as a success although its check failed, and the release goes on.

## Example
```yaml
gate:
  continue-on-error: true
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax); `continue-on-error`
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Step

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the jobs on the way, and their steps."""
    seen: set[Place] = set()
    for job in audit.route:
        flags = [(job.continue_on_error, job.at(job.continue_on_error))] if job.continue_on_error else []
        flags += [(step.continue_on_error, step.at(step.continue_on_error)) for step in job.steps if step.continue_on_error and _counts(audit, job, step)]
        for scalar, place in flags:
            if audit.value(scalar) is not False and place not in seen:
                seen.add(place)
                level = Level.WARNING if "matrix." in scalar.text else LEVEL
                yield audit.finding(
                    rule="failure-ignored",
                    level=level,
                    place=place,
                    message=f"{job.id} is part of the release and has continue-on-error: {scalar.text.strip()[:60]}",
                    help="take continue-on-error out",
                    symbol=job.id,
                )


def _counts(audit: Audit, job: Job, step: Step) -> bool:
    """Say whether a step runs in a release, and nobody looks at its outcome."""
    if not audit.active(step):
        return False
    texts = [one.text for other in job.steps for one in (*other.conditions, *other.env.values(), *((other.run,) if other.run is not None else ()))]
    return not step.id or not any(f"steps.{step.id}.outcome".lower() in text.lower() for text in (*texts, *(one.text for one in job.results.values())))
