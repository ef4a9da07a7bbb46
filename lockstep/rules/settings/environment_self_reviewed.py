"""Who starts a deployment may approve it.

## What it does
An environment with required reviewers prevents self-review.

## Why
A reviewer whose account is stolen pushes the tag and approves the release alone.

## Example
```
.github/workflows/release.yml:24:18 environment-self-reviewed: who pushes the tag may approve the deployment to pypi
  help: prevent self-review, at https://github.com/spam/eggs/settings/environments; it needs a second reviewer
```

## Source
[Required reviewers](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look at the environments that have reviewers."""
    yield from audit.environments_unseen("environment-self-reviewed", "whether who starts a deployment may approve it: {}")
    for one in audit.each:
        if one.environment is not None and one.environment.reviewers and not one.environment.prevents_self_review:
            message = f"who pushes the tag may approve the deployment to {one.name}"
            hint = f"prevent self-review, at {audit.settings.url}/settings/environments; it needs a second reviewer"
            yield audit.finding("environment-self-reviewed", LEVEL, message, hint, one.place, one.name)
