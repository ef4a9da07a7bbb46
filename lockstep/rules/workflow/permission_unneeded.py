"""A job may write where nothing in it does.

## What it does
`attestations: write` and `artifact-metadata: write` belong to jobs that attest, `packages: write` to jobs that publish an image or a package;
`actions: write` to those that start, stop or delete runs; other scopes to jobs of which a step is given the token.

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

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role, Step

LEVEL = Level.WARNING
SINCE = "0.1.0"


_OTHER = ("id-token", "contents")
_TOKENLESS = ("step-security/harden-runner", "dtolnay/rust-toolchain")
"""Actions of others that do nothing with the token."""


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
                    message=f"{job.id} has {scope}: write, which no step of it needs",
                    help="take it out, or read",
                    symbol=job.id,
                )


_CHANGES = re.compile(r"\bgh (?:workflow (?:run|enable|disable)|run (?:rerun|cancel|delete)|cache)|(?:^|\s)(?:-X|--method|-f|-F|--field|--raw-field|--input)\b")
_ASKS = re.compile(r"\bgh\b|\blockstep gate\b")


def _only_reads_runs(step: Step) -> bool:
    """Say whether a step is no other's code with the token, and its script asks `gh` and nobody else."""
    if step.uses is not None:
        return step.action in _TOKENLESS or (step.action.startswith("actions/") and step.action != "actions/github-script")
    text = step.run.text if step.run is not None else ""
    given = any("token" in value.text.lower() for value in step.env.values())
    return _CHANGES.search(text) is None and (not given or (_ASKS.search(text) is not None and not re.search(r"\bcurl\b|\bpython3? -|\bnode\b", text)))


def _used(audit: Audit, job: Job, scope: str) -> bool:
    roles = audit.roles(job)
    if scope in ("attestations", "artifact-metadata"):
        return Role.ATTEST in roles or any("attest" in step.action for step in job.steps)
    if scope == "packages" and (Role.PUBLISH in roles or any(step.action == "docker/login-action" for step in job.steps)):
        return True
    if scope == "actions" and all(map(_only_reads_runs, job.steps)):
        return False
    others = [step for step in job.steps if step.uses is not None and not step.action.startswith("actions/") and step.action not in _TOKENLESS]
    token = any("token" in value.text.lower() for step in job.steps for value in (*audit.env(job, step).values(), *step.inputs.values()))
    return token or bool(others and scope != "actions") or any(step.action.startswith("actions/") and "pages" in step.action for step in job.steps)
