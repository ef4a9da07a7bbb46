"""Nobody must approve a deployment to an environment.

## What it does
An environment that a job publishes from, or makes the release public from, has required reviewers.

## Why
Whoever can push a tag publishes. The reviewers are what stands between a stolen account, or a workflow that was changed in a branch, and the registries.

## Example
```
.github/workflows/release.yml:24:18 environment-unreviewed: nobody must approve what is deployed to pypi
  help: required reviewers, at https://github.com/spam/eggs/settings/environments
```

## Source
[Required reviewers](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look at the reviewers of each environment."""
    yield from audit.environments_unseen("environment-unreviewed", "whether somebody must approve a deployment to {}")
    for one in audit.each:
        if one.environment is not None and not one.environment.reviewers:
            message = f"nobody must approve what is deployed to {one.name}"
            hint = f"required reviewers, at {audit.settings.url}/settings/environments"
            yield audit.finding("environment-unreviewed", LEVEL, message, hint, one.place, one.name)
