"""An expression asks for a job, output or step that is not there.

## What it does
`needs.X` must be a job in the own `needs`, `needs.X.outputs.Y` an output that X declares, `steps.X` a step of the job with that id.

## Why
GitHub gives an empty text for what is not there: a condition is never true, or always, and a version is empty.

## Example
```yaml
publish:
  needs: [build] # guard is not among them
  if: needs.guard.outputs.ok == 'true' # never true
```

## Source
[Contexts](https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.text.yaml import Scalar
from lockstep.workflow.audit import Audit
from lockstep.workflow.conditions import parsed
from lockstep.workflow.expression import embedded, references
from lockstep.workflow.model import Job

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every expression of every job."""
    for job in audit.jobs.values() if audit.sound else ():
        ids = {step.id.lower() for step in job.steps if step.id}
        stated = {one.text.lower() for one in job.stated}
        outputs = {name.lower(): other.outputs for name, other in audit.jobs.items()}
        for scalar, place, whole in _scalars(job):
            found = [parsed(scalar)] if whole else [one for _, one in embedded(scalar.text)]
            for parts in dict.fromkeys(parts for one in found for parts in references(one)):
                fault = _unwritten(audit, job, parts) or _fault(parts, ids, stated if " / " not in job.id else None, outputs)
                if fault:
                    yield audit.finding(
                        rule="expression-dangling",
                        level=LEVEL,
                        place=place,
                        message=f"{job.id} refers to {'.'.join(parts)}, but {fault}",
                        help="correct the name, or add the job to `needs`",
                        symbol=job.id,
                    )


def _unwritten(audit: Audit, job: Job, parts: tuple[str, ...]) -> str:
    """Say what is wrong with the output of a step whose script says in plain words which outputs it writes."""
    match parts:
        case ("steps", name, "outputs", output) if output != "*":
            steps = [step for step in job.steps if step.id.lower() == name]
            written = audit.written(steps[0]) if len(steps) == 1 else None
            if written is not None and output not in {one.lower() for one in written}:
                return f"the step {name} writes {', '.join(sorted(written))} and no {output}"
    return ""


def _fault(parts: tuple[str, ...], ids: set[str], stated: set[str] | None, outputs: dict[str, frozenset[str] | None]) -> str:
    match parts:
        case ("steps", name, *_) if name not in ids and name != "*":
            return f"no step of the job has the id {name}"
        case ("needs", name, *_) if stated is not None and name not in stated and name != "*":
            return f"{name} is not in its `needs`"
        case ("needs", name, "outputs", output, *_) if stated is not None and output != "*":
            declared = outputs.get(name)
            if declared is not None and output not in {one.lower() for one in declared}:
                return f"{name} has no such output"
    return ""


def _scalars(job: Job) -> Iterator[tuple[Scalar, Place, bool]]:
    """Give every text with its place, and whether it is an expression as a whole."""
    for one in job.conditions:
        yield one, job.at(one), True
    for one in (*job.env.values(), *job.inputs.values(), *((job.environment,) if job.environment else ())):
        yield one, job.at(one), False
    for one in job.results.values():
        yield one, job.at(one), False
    for step in job.steps:
        for one in step.conditions:
            yield one, step.at(one), True
        for one in (*step.env.values(), *step.inputs.values(), *((step.run,) if step.run else ())):
            yield one, step.at(one), False
