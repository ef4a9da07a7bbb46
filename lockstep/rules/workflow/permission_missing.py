"""A job lacks the permission that its work needs.

## What it does
Jobs that attest need `id-token: write` and `attestations: write`, jobs that publish by OIDC `id-token: write`, jobs that change the release with
the workflow's token `contents: write`. Where no permissions are stated, the settings decide and nothing is said.

## Why
The job fails on the day of the release, after others have published.

## Example
```yaml
publish:
  permissions: { contents: read } # id-token: write is missing
  steps:
    - uses: pypa/gh-action-pypi-publish@...
```

## Source
[PyPI: publishing](https://docs.pypi.org/trusted-publishers/using-a-publisher/), [attest-build-provenance](https://github.com/actions/attest-build-provenance#usage)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.text.yaml import Scalar
from lockstep.workflow.action_roles import uses_trusted_publishing
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import LOCKSTEP_PUBLISH
from lockstep.workflow.model import Deed, Job, Role, Step

LEVEL = Level.ERROR
SINCE = "0.1.0"

_TOKENS = {"CARGO_REGISTRY_TOKEN", "UV_PUBLISH_TOKEN", "TWINE_PASSWORD", "NODE_AUTH_TOKEN", "NPM_TOKEN"}
"""What a step that publishes is given in place of the identity of its job."""


def check(audit: Audit) -> Iterator[Finding]:
    """Compare what each job does with what it may do."""
    seen: set[tuple[str, str]] = set()
    for deed in audit.deeds:
        permissions = audit.allowed(deed.job)
        if permissions is None or " / " in deed.job.id:
            continue
        for scope in _needed(audit, deed):
            if not permissions.allows(scope) and (deed.job.id, scope) not in seen:
                seen.add((deed.job.id, scope))
                yield audit.finding(
                    rule="permission-missing",
                    level=LEVEL,
                    place=deed.job.permissions.place if deed.job.permissions else deed.job.place,
                    message=f"{deed.job.id} lacks {scope}: write, which {deed.what} needs",
                    help=f"add {scope}: write to its permissions",
                    symbol=deed.job.id,
                )


def _needed(audit: Audit, deed: Deed) -> tuple[str, ...]:
    step = deed.step
    name = (step.uses.name if step and step.uses else "") or (deed.job.calls.name if deed.job.calls else "")
    match deed.role:
        case Role.ATTEST if name in ("actions/attest-build-provenance", "actions/attest"):
            return ("id-token", "attestations")
        case Role.ATTEST if name == "slsa-framework/slsa-github-generator":
            return ("id-token", "contents")
        case Role.MINT:
            return ("id-token",)
        case Role.PUBLISH if step is not None and name == "pypa/gh-action-pypi-publish" and uses_trusted_publishing(step):
            return ("id-token",)
        case Role.PUBLISH if step is not None and deed.what == LOCKSTEP_PUBLISH and not _TOKENS & audit.env(deed.job, step).keys():
            return ("id-token",)
        case Role.DRAFT | Role.STAGE | Role.UNDRAFT if step is not None and _own_token(audit, deed.job, step):
            return ("contents",)
        case _:
            return ()


def _own_token(audit: Audit, job: Job, step: Step) -> bool:
    """Say whether a step works with the workflow's own token."""
    if step.uses is not None:
        given = step.input("token", "github_token", "github-token", "repo_token")
        token = given or step.env.get("GITHUB_TOKEN")
        return token is None or _is_own(token)
    given = audit.env(job, step).get("GH_TOKEN") or audit.env(job, step).get("GITHUB_TOKEN")
    return given is not None and _is_own(given)


def _is_own(token: Scalar) -> bool:
    return any(name in token.text.lower() for name in ("github.token", "secrets.github_token"))
