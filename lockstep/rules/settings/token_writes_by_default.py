"""The token of a workflow may write where nothing is said.

## What it does
The default permissions of GITHUB_TOKEN are `read`.

## Why
A workflow without `permissions`, one that is added tomorrow too, may push, tag and change releases.

## Example
```
.github/workflows/release.yml:1:1 warning token-writes-by-default: the token of a workflow without permissions may write
  help: Read repository contents, at https://github.com/spam/eggs/settings/actions
```

## Source
[Setting the permissions of the GITHUB_TOKEN](https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository#setting-the-permissions-of-the-github_token-for-your-repository)
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
    writes = audit.settings.token_writes
    if isinstance(writes, Unseen):
        yield audit.not_visible("token-writes-by-default", "whether the token of a workflow without permissions may write", writes)
    elif writes:
        message = "the token of a workflow without permissions may write"
        yield audit.finding("token-writes-by-default", LEVEL, message, f"Read repository contents, at {audit.settings.url}/settings/actions")
