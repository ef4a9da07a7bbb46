"""A job that publishes does not run when the guard takes the tag.

## What it does
Runs through the guard's script for a release tag, as far as that can be told, and looks who runs with what it says.

## Why
A condition the wrong way round, or a guard whose answers are swapped, keeps every release from being published, and lets other tags pass.

## Example
```yaml
publish:
  needs: guard
  if: needs.guard.outputs.ok != 'true'
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Let each guard take a tag, and see who does not run."""
    for guard in audit.guards if audit.sound else ():
        if guard.accepted is None:
            if guard.stops_good:
                yield audit.finding(
                    rule="guard-inverted",
                    level=LEVEL,
                    place=guard.deed.place,
                    message=f"{guard.deed.job.id} refuses the tag of a stable version",
                    help="turn the condition round",
                    symbol=guard.deed.job.id,
                )
            continue
        waiting = [job for job in audit.publish_jobs if guard.deed.job.id in audit.before(job)]
        way = {one for job in waiting for one in (job.id, *audit.before(job))}
        silent = {name for name in way if not audit.runs_with(audit.jobs[name], guard.accepted)}
        for name in sorted(silent):
            job = audit.jobs[name]
            if not silent & set(job.needs):
                yield audit.finding(
                    rule="guard-inverted",
                    level=LEVEL,
                    place=job.at(job.conditions[-1]) if job.conditions else job.place,
                    message=f"{name} does not run when {guard.deed.job.id} accepts the tag",
                    help=f"ask for what {guard.deed.job.id} says of a release",
                    symbol=name,
                )
