"""Whoever starts the release chooses the environment that it publishes in.

## What it does
Finds publishing jobs whose `environment` is made of what a person types to start the workflow, or of the event: an input that is no `choice`, the
name of a branch or a tag, a payload.

## Why
The environment holds the reviewers, the secrets and the registry's trust. A name that is not there is made, without any rule; one of a test has
weaker ones.

## Example
```yaml
on: { workflow_dispatch: { inputs: { environment: { type: string } } } }
jobs:
  publish:
    environment: ${{ inputs.environment }}
```

## Source
[Deployments and environments](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments): "Running a workflow
that references an environment that does not exist will create an environment with the referenced name."
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.text.yaml import Mapping, Scalar
from lockstep.workflow.audit import Audit
from lockstep.workflow.expression import embedded, references

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"
_CHOSEN = ("head_ref", "ref_name", "ref", "base_ref", "actor", "event")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the environment of every job that publishes."""
    for job in audit.publish_jobs:
        if job.environment is None or job.path != audit.path:
            continue
        by = next((".".join(parts) for _, one in embedded(job.environment.text) for parts in references(one) if _is_chosen(audit, parts)), None)
        if by is not None:
            yield audit.finding(
                rule="environment-chosen",
                level=LEVEL,
                place=job.at(job.environment),
                message=f"{job.id} publishes in the environment that {by} names, which whoever starts the run chooses",
                help="write the environment down, or make the input a choice",
                symbol=job.id,
            )


def _is_chosen(audit: Audit, parts: tuple[str, ...]) -> bool:
    if parts[:1] == ("inputs",) or parts[:3] == ("github", "event", "inputs"):
        return _is_typed(audit, parts[-1])
    return parts[:1] == ("github",) and len(parts) > 1 and parts[1] in _CHOSEN


def _is_typed(audit: Audit, name: str) -> bool:
    """Say whether an input is a text that a person types: of a called workflow the caller decides, and a choice is written down."""
    dispatch = audit.workflow.triggers.get("workflow_dispatch") if audit.workflow else None
    inputs = dispatch.entries.get("inputs") if isinstance(dispatch, Mapping) else None
    found = next((node for key, node in inputs.entries.items() if key.lower() == name.lower()), None) if isinstance(inputs, Mapping) else None
    kind = found.entries.get("type") if isinstance(found, Mapping) else None
    return found is not None and not (isinstance(kind, Scalar) and kind.text in ("choice", "boolean", "number"))
