"""A stranger can start the release workflow with its rights.

## What it does
A workflow that publishes may not be started by `pull_request_target`, `workflow_run` or `issue_comment`. A `workflow_run` is a warning where the
publishing jobs ask for `github.event.workflow_run.event`, where no stranger can start the workflow that it follows, and in the basic profile where
nothing of that run is used.

## Why
These events run with the rights and secrets of the repository for what a stranger sends. PyPI and crates.io refuse them for trusted publishing.

## Example
```yaml
on:
  workflow_run: { workflows: [ci] }
```

## Source
[zizmor: dangerous-triggers](https://docs.zizmor.sh/audits/#dangerous-triggers), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.text.yaml import Mapping as Map
from lockstep.text.yaml import texts
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Workflow

LEVEL = Level.ERROR
SINCE = "0.1.0"


_PRIVILEGED = ("pull_request_target", "workflow_run", "issue_comment")
_STRANGERS = ("pull_request", "issue", "discussion", "fork", "watch", "workflow_run")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the triggers."""
    if audit.workflow is None or not audit.classified:
        return
    for name, scalar in audit.workflow.events.items():
        if name in _PRIVILEGED:
            place = audit.place_of(scalar)
            mild = name == "workflow_run" and (_asks_for_the_run(audit) or _follows_the_repository(audit) or not (audit.hardened or _takes_from_the_run(audit)))
            yield audit.finding(
                rule="trigger-privileged",
                level=Level.WARNING if mild else LEVEL,
                place=place,
                message=f"{name} starts a workflow that publishes",
                help="start it by a tag",
            )


def _asks_for_the_run(audit: Audit) -> bool:
    """Say whether every publishing job, or one that it waits for, asks which event started the run that it follows."""
    return bool(audit.publish_jobs) and all(
        any("github.event.workflow_run.event" in one.text for name in (job.id, *audit.before(job)) for one in audit.jobs[name].conditions)
        for job in audit.publish_jobs
    )


def _follows_the_repository(audit: Audit) -> bool:
    """Say whether the workflows whose runs it follows are known, and nothing starts them that a stranger may send."""
    node = audit.workflow.triggers.get("workflow_run") if audit.workflow is not None else None
    names = [one.text for one in texts(node.get("workflows"))] if isinstance(node, Map) else []
    known = {key: one for path, one in audit.others.items() if isinstance(one, Workflow) for key in (one.name or path, path)}
    return bool(names) and all(name in known and not any(event.startswith(_STRANGERS) for event in known[name].triggers) for name in names)


def _takes_from_the_run(audit: Audit) -> bool:
    """Say whether the code, the artifacts or a name of the run that it follows are used: it is the sender's."""
    for job in audit.jobs.values():
        for step in job.steps:
            given = [*step.inputs.values(), *audit.env(job, step).values(), *((step.run,) if step.run is not None else ())]
            if any("workflow_run.head_" in one.text or "workflow_run.id" in one.text for one in given):
                return True
    return False
