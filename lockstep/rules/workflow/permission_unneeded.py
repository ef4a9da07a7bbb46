"""A job may write where nothing in it does.

## What it does
`attestations: write` and `artifact-metadata: write` belong to jobs that attest, `packages: write` to jobs that publish an image or a package;
other scopes to jobs of which a step is given the token.

## Why
What a job may do is what a taken-over action in it can do.

## Example
```yaml
build:
  permissions: { actions: write }
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role

LEVEL = Level.WARNING
SINCE = "0.1.0"


_OTHER = ("id-token", "contents")


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the reason of each scope."""
    for job in audit.route:
        permissions = job.permissions
        if permissions is None or job.calls is not None or " / " in job.id:
            continue
        for scope, value in permissions.scopes.items():
            if value.text == "write" and scope not in _OTHER and not _used(audit, job, scope):
                yield audit.finding(
                    rule="permission-unneeded",
                    level=LEVEL,
                    place=job.at(value),
                    message=f"{job.id} has {scope}: write, and nothing in it needs that",
                    help="take it out, or read",
                    symbol=job.id,
                )


def _used(audit: Audit, job: Job, scope: str) -> bool:
    roles = audit.roles(job)
    if scope in ("attestations", "artifact-metadata"):
        return Role.ATTEST in roles or any(step.uses is not None and "attest" in step.uses.name for step in job.steps)
    if scope == "packages" and (Role.PUBLISH in roles or any(step.uses is not None and step.uses.name == "docker/login-action" for step in job.steps)):
        return True
    others = [
        step
        for step in job.steps
        if step.uses is not None
        and not step.uses.name.startswith("actions/")
        and step.uses.name not in ("step-security/harden-runner", "dtolnay/rust-toolchain")
    ]
    token = any("token" in value.text.lower() for step in job.steps for value in (*audit.env(job, step).values(), *step.inputs.values()))
    return (
        token
        or bool(others and scope != "actions")
        or any(step.uses is not None and step.uses.name.startswith("actions/") and "pages" in step.uses.name for step in job.steps)
    )
