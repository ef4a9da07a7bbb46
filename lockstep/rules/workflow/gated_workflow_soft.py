"""A workflow that the gate waits for is green though its tests failed, or did not run.

## What it does
Looks into the workflows that a gate names: a job with `continue-on-error`, a step that tests and has it, a test whose failure is thrown away (`|| true`),
and what is checked by no job or step that runs for pushes to the branch, for a condition keeps it for pull requests or for a setting. What the matrix
decides is left alone.

## Why
The gate asks whether the run succeeded. This one always does.

## Example
```yaml
# ci.yml, for which the release waits
test:
  continue-on-error: true
  steps: [{ run: cargo test }]
```

## Source
[Workflow syntax](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontinue-on-error): "Prevents a workflow run from
failing when a job fails."
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from lockstep.model import Finding, Level, Place
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit
from lockstep.workflow.check_kinds import checks_of_step
from lockstep.workflow.conditions import decided, parsed
from lockstep.workflow.expression import references
from lockstep.workflow.model import Job, Step, Workflow
from lockstep.workflow.triggers import Trigger, triggers_of

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"

_SETTINGS = frozenset({"vars", "secrets", "inputs"})


def check(audit: Audit) -> Iterator[Finding]:
    """Look at each job of each gated workflow."""
    names = {one.name for one in audit.gated}
    gated = [one for path, one in audit.others.items() if basename(path) in names and isinstance(one, Workflow) and path != audit.path]
    idle: dict[str, tuple[Workflow, Job, Place]] = {}
    done: set[str] = set()
    for one in gated:
        pushes = [each for each in triggers_of(one) if each.name == "branch"]
        for job in one.jobs.values():
            yield from (_finding(audit, one, job, place, what) for place, what in _soft(job))
            for step in job.steps:
                off = next(((scalar, owner) for scalar, owner in _conditions(job, step) if not _holds(scalar, pushes)), None)
                for kind, _ in checks_of_step(step):
                    if off is None:
                        done.add(kind)
                    else:
                        idle.setdefault(kind, (one, job, off[1].at(off[0])))
    told: set[Place] = set()
    for kind, (one, job, place) in idle.items():
        if kind not in done and place not in told:
            told.add(place)
            yield _finding(audit, one, job, place, f"does not run {kind} for every push, and no other gated job does")


def _soft(job: Job) -> Iterator[tuple[Place, str]]:
    if _is_on(job.continue_on_error):
        assert job.continue_on_error is not None
        yield job.at(job.continue_on_error), "may fail: continue-on-error"
    for step in job.steps:
        found = list(checks_of_step(step))
        if found and _is_on(step.continue_on_error):
            assert step.continue_on_error is not None
            yield step.at(step.continue_on_error), f"goes on when {found[0][0]} fails: continue-on-error"
        yield from ((step.script_line(one.line), f"discards the failure of `{' '.join(one.words[:3])}`") for _, one in found if one is not None and one.spared)


def _is_on(scalar: Scalar | None) -> bool:
    return scalar is not None and "matrix." not in scalar.text and decided(scalar, {}) is not False


def _conditions(job: Job, step: Step) -> Iterator[tuple[Scalar, Job | Step]]:
    yield from ((scalar, job) for scalar in job.conditions)
    yield from ((scalar, step) for scalar in step.conditions)


def _holds(scalar: Scalar, pushes: list[Trigger]) -> bool:
    """Say whether a condition is true for a push to a branch, as far as that is known; what a setting decides is not."""
    if any(decided(scalar, one.known) is False for one in pushes):
        return False
    return not {parts[0] for parts in references(parsed(scalar))} & _SETTINGS


def _finding(audit: Audit, one: Workflow, job: Job, place: Place, what: str) -> Finding:
    return audit.finding(
        rule="gated-workflow-soft",
        level=LEVEL,
        place=place,
        message=f"the release waits for {basename(one.path)}, whose job {job.id} {what}",
        help="let the job fail, and run for every push",
        symbol=job.id,
    )
