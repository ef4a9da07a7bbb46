"""A failure on the way to a publish is ignored.

## What it does
No job on the way to a publish or to the un-draft, and no step of such a job, may have `continue-on-error`. Where the matrix decides it, this is a
warning. A step whose `outcome` the job looks at later is left alone, and one that does not run in a release. An action that is not known to test, build,
publish or prepare, and whose outputs nobody uses, is a note: a cache, an upload of coverage.

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

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.pattern import pattern
from lockstep.workflow.action_roles import roles_of_action
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Step

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"

_PREPARES = pattern(r"checkout|setup|toolchain|install|artifact|login|auth|credential|sign", re.IGNORECASE)
"""Names of actions that bring what later steps work with."""


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the jobs on the way, and their steps."""
    seen: set[Place] = set()
    for job in audit.route:
        for step in (None, *job.steps):
            scalar = job.continue_on_error if step is None else step.continue_on_error
            if scalar is None or (step is not None and not _counts(audit, job, step)):
                continue
            place = job.at(scalar) if step is None else step.at(scalar)
            if audit.value(scalar) is False or place in seen:
                continue
            seen.add(place)
            aside = step is not None and not _matters(job, step)
            whose = f"{job.id} is part of the release and" if step is None else f"the step {_label(step)} of {job.id}, which is part of the release,"
            yield audit.finding(
                rule="failure-ignored",
                level=Level.NOTE if aside else Level.WARNING if "matrix." in scalar.text else LEVEL,
                place=place,
                message=f"{whose} has continue-on-error: {scalar.text.strip()[:60]}" + ("; it is no known test, build or publish" if aside else ""),
                help="take continue-on-error out" if not aside else "leave it where nothing of the release depends on the step",
                symbol=job.id,
            )


def _label(step: Step) -> str:
    """Give what a reader knows a step by."""
    first = next(iter(step.run.text.strip().splitlines()), "") if step.run is not None else ""
    return f"`{(step.name or step.id or (step.uses.text if step.uses is not None else first)).strip()[:60]}`"


def _matters(job: Job, step: Step) -> bool:
    """Say whether a release may depend on a step: a script, or an action with a role, that prepares the job, or whose outputs are used."""
    if step.uses is None or _PREPARES.search(step.uses.text.partition("@")[0]) or any(roles_of_action(step, step.uses)):
        return True
    wanted = f"steps.{step.id}.outputs".lower()
    return bool(step.id) and any(wanted in text.lower() for text in _texts(job))


def _counts(audit: Audit, job: Job, step: Step) -> bool:
    """Say whether a step runs in a release, and nobody looks at its outcome."""
    if not audit.active(step):
        return False
    return not step.id or not any(f"steps.{step.id}.outcome".lower() in text.lower() for text in _texts(job))


def _texts(job: Job) -> Iterator[str]:
    """Give the texts of a job in which it may look at a step."""
    for one in job.steps:
        values = (*one.conditions, *one.env.values(), *one.inputs.values(), *((one.run,) if one.run is not None else ()))
        yield from (value.text for value in values)
    yield from (value.text for value in job.results.values())
