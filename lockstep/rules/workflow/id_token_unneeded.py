"""A job can get the identity that publishes, and does not need it.

## What it does
`id-token: write` belongs to jobs that attest, get a short-lived credential or publish with one, and to no other.

## Why
Every job with it can ask for a token in the name of the workflow: a build script too.

## Example
```yaml
build:
  permissions: { id-token: write }
```

## Source
[OpenID Connect](https://docs.github.com/en/actions/concepts/security/openid-connect)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_OIDC = (
    "aws-actions/configure-aws-credentials",
    "google-github-actions/auth",
    "azure/login",
    "codecov/codecov-action",
    "hashicorp/vault-action",
    "actions/deploy-pages",
    "jfrog/setup-jfrog-cli",
    "rubygems/configure-rubygems-credentials",
    "octo-sts/action",
    "chainguard-dev/setup-chainctl",
    "docker/build-push-action",
    "nuget/login",
    "depot/setup-action",
    "codspeedhq/action",
    "crate-ci/typos",
    "tailscale/github-action",
    "ossf/scorecard-action",
    "cargo-bins/cargo-binstall",
)
_USERS = frozenset({Role.ATTEST, Role.MINT, Role.PUBLISH})


def check(audit: Audit) -> Iterator[Finding]:
    """Look for the reason of each."""
    for job in audit.jobs.values():
        if job.permissions is None or "id-token" not in job.permissions.scopes or not job.permissions.allows("id-token") or " / " in job.id:
            continue
        used = audit.roles(job) & _USERS or (job.calls is not None) or _asks(audit, job)
        if not used and audit.runs(job):
            value = job.permissions.scopes["id-token"]
            yield audit.finding(
                rule="id-token-unneeded",
                level=LEVEL,
                place=job.at(value),
                message=f"{job.id} has id-token: write, but neither attests nor publishes",
                help="take it out",
                symbol=job.id,
            )


def _asks(audit: Audit, job: Job) -> bool:
    for step in job.steps:
        if step.action in _OIDC or step.action.startswith(("sigstore/", "anchore/", "depot/")):
            return True
        if step.run is not None and ("ID_TOKEN" in step.run.text or any(_may_sign(one) for one in audit.commands(step))):
            return True
    return False


def _may_sign(one: Command) -> bool:
    """Say whether a command signs or publishes, or is a script of the project that says so by its name."""
    if one.name in ("cosign", "sigstore", "npm", "pnpm", "yarn", "uv", "twine") and set(one.words[1:2]) & {"sign", "attest", "publish", "upload", "trust"}:
        return True
    named = any("publish" in word or "release" in word for word in one.words[:3] if not word.startswith("-"))
    return named and one.name not in ("gh", "git", "echo", "cargo", "pip")
