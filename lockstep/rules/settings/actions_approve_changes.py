"""A workflow may approve a pull request.

## What it does
Actions may not create and approve pull requests.

## Why
The approval that the default branch wants is one that a workflow gives: nobody has looked.

## Example
```
.github/workflows/release.yml:1:1 warning actions-approve-changes: a workflow may approve pull requests
  help: untick Allow GitHub Actions to create and approve pull requests, at https://github.com/spam/eggs/settings/actions
```

## Source
[Preventing GitHub Actions from creating or approving pull requests](https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#preventing-github-actions-from-creating-or-approving-pull-requests)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look at the setting."""
    approves = audit.settings.approves
    if isinstance(approves, Unseen):
        yield audit.not_visible("actions-approve-changes", "whether a workflow may approve pull requests", approves)
    elif approves:
        hint = f"untick Allow GitHub Actions to create and approve pull requests, at {audit.settings.url}/settings/actions"
        yield audit.finding("actions-approve-changes", LEVEL, "a workflow may approve pull requests", hint)
