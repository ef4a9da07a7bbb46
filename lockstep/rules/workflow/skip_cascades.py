"""A job that is skipped on purpose takes the release with it, silently.

## What it does
A job without a status function runs only where every job above it succeeded, not only those of its `needs`. Where a job above it may be skipped, and a
job between them goes on then (`always()`, and a condition that a skip satisfies and a failure does not), a job that publishes, drafts or makes public must
go on too, unless it names the skipped job in its own `needs`. Jobs are looked at that a variable of the repository or an input switches off.

## Why
The run is green, and nothing is released.

## Example
```yaml
wheels: { if: "${{ vars.WHEELS == 'yes' }}" }
collect: { needs: [wheels], if: "${{ always() && needs.wheels.result != 'failure' }}" }
publish: { needs: [collect] } # skipped whenever wheels is: add `if: ${{ !cancelled() && needs.collect.result == 'success' }}`
```

## Source
[Workflow syntax: needs](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds); [actions/runner#491](https://github.com/actions/runner/issues/491)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import parsed
from lockstep.workflow.expression import references
from lockstep.workflow.model import Job, Role

LEVEL = Level.ERROR
SINCE = "0.1.0"

_ROLES = frozenset({Role.PUBLISH, Role.UNDRAFT, Role.DRAFT, Role.STAGE})
_SETTINGS = frozenset({"vars", "inputs", "github", "env"})


def check(audit: Audit) -> Iterator[Finding]:
    """Ask for each job of the release which job above it may be skipped while another goes on."""
    for job in audit.jobs.values() if audit.sound else ():
        if not audit.possible_roles(job) & _ROLES or audit.goes_on(job):
            continue
        for skipped, between in audit.cascades(job):
            if any(not audit.goes_on(one) and audit.possible_roles(one) & _ROLES for one in _between(audit, job, between)):
                continue  # that one is told
            if not _by_setting(skipped):
                continue
            yield audit.finding(
                rule="skip-cascades",
                level=LEVEL,
                place=job.place,
                message=f"{job.id} is skipped whenever {skipped.id} is, though {between.id} goes on then: without a status function a job needs the success "
                "of every job above it",
                help=f"if: ${{{{ !cancelled() && needs.{between.id.rpartition(' / ')[2]}.result == 'success' }}}}",
                symbol=job.id,
            )
            break


def _between(audit: Audit, job: Job, other: Job) -> Iterator[Job]:
    """Give the jobs that wait for another, and that a job waits for."""
    for name in audit.before(job):
        if other.id in audit.before(audit.jobs[name]):
            yield audit.jobs[name]


def _by_setting(job: Job) -> bool:
    """Say whether a setting or an input decides that a job is skipped; what outputs of other jobs decide may always be true in a release."""
    asked = {parts[0] for scalar in job.conditions for parts in references(parsed(scalar))}
    return asked <= _SETTINGS and bool(asked & {"vars", "inputs"})
