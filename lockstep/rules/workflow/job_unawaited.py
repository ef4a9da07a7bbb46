"""A job of the release whose failure stops nothing.

## What it does
In a workflow that only releases, every job must be waited for by a publish or by the un-draft, directly or not; jobs that come after these are
free. A job that neither tests nor looks at what was built is a warning.

## Why
A test or a check that fails beside the release does not stop it.

## Example
```yaml
smoke-test: { needs: build } # nobody waits for it
publish: { needs: build }
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_ELSEWHERE = frozenset({Role.PUBLISH, Role.UNDRAFT, Role.DRAFT, Role.STAGE})


def check(audit: Audit) -> Iterator[Finding]:
    """Look for jobs beside the way."""
    ends = audit.final_jobs
    if not audit.sound or not audit.release_only or not ends:
        return
    on_the_way = {job.id for job in audit.route}
    names = {job.id for job in ends}
    beside = [
        job
        for job in audit.jobs.values()
        if job.id not in on_the_way and audit.runs(job) and not audit.before(job) & names and not audit.roles(job) & _ELSEWHERE
    ]
    known = {one for job in beside if _explained(audit, job) for one in (job.id, *audit.before(job))}
    known |= {one for job in audit.jobs.values() if job.id not in on_the_way and audit.roles(job) & _ELSEWHERE for one in audit.before(job)}
    for job in beside:
        awaited = any(job.id in other.needs for other in beside)
        if job.id not in known and not awaited:
            yield audit.finding(
                rule="job-unawaited",
                level=LEVEL if _examines(audit, job) else Level.WARNING,
                place=job.place,
                message=f"{job.id} is in the needs of no job that publishes or makes the release public",
                help="add it to `needs` of a job on the way",
                symbol=job.id,
            )


def _examines(audit: Audit, job: Job) -> bool:
    """Say whether a job tests, asks, compares or attests, or takes artifacts and hands none on."""
    roles = audit.roles(job) & {Role.TEST, Role.GATE, Role.GUARD, Role.VERIFY, Role.ATTEST}
    return bool(roles) or (bool(audit.taken(job)) and not any(up.job.id == job.id for up in audit.uploads))


def _explained(audit: Audit, job: Job) -> bool:
    """Say whether another rule names the edge that is missing."""
    owed = {role for other in audit.publish_jobs for role in audit.missing(other)}
    taken = {up.job.id for one in audit.downloads for up in audit.matching(one)}
    return bool(audit.roles(job) & owed) or any(job.id in audit.bringers(other) for other in audit.publish_jobs) or job.id in taken
