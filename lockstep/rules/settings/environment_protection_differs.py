"""The environments of one release are protected in different ways.

## What it does
All environments that a workflow publishes from, or makes the release public from, have the same reviewers, where they have any, and the same wait timer: those
that `audit.reviewers` and `audit.wait` of the configuration promise, where they say so.

## Why
A release is as safe as the weakest of them, and a setting that was changed in one alone was mostly changed by mistake.

## Example
```
.github/workflows/release.yml:52:18 warning environment-protection-differs: pypi waits 0 minutes, crates-io 30 minutes
  help: give all the same, at https://github.com/spam/eggs/settings/environments
```

## Source
[Deployment protection rules](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-protection-rules)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import counted
from lockstep.workflow.github_settings import Environment, SettingsAudit, Used

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Compare each environment with what the configuration promises, and with the first of the workflow."""
    yield from audit.environments_unseen("environment-protection-differs", "whether the environments are protected alike: {}")
    first: dict[str, tuple[Used, Environment]] = {}
    for one in audit.each:
        if one.environment is None:
            continue
        other, its = first.setdefault(one.audit.path, (one, one.environment))
        said = _broken(audit, one.environment) or _difference(one.environment, its, other.name)
        if said:
            hint = f"give all the same, at {audit.settings.url}/settings/environments"
            yield audit.finding("environment-protection-differs", LEVEL, f"{one.name} {said}", hint, one.place, one.name)


def _broken(audit: SettingsAudit, one: Environment) -> str:
    """Say in words what the configuration promises, and an environment does not have."""
    if audit.reviewers and one.reviewers and {name.lower() for name in one.reviewers} != {name.lower() for name in audit.reviewers}:
        return f"is approved by {', '.join(one.reviewers)}, and audit.reviewers is {', '.join(audit.reviewers)}"
    return f"waits {counted(one.wait, 'minute')}, and audit.wait is {audit.wait}" if one.wait < audit.wait else ""


def _difference(one: Environment, other: Environment, name: str) -> str:
    """Say in words what two environments have that is not the same."""
    if one.reviewers and other.reviewers and one.reviewers != other.reviewers:
        return f"is approved by {', '.join(one.reviewers)}, {name} by {', '.join(other.reviewers)}"
    return f"waits {counted(one.wait, 'minute')}, {name} {counted(other.wait, 'minute')}" if one.wait != other.wait else ""
