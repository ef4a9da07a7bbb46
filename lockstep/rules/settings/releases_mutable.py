"""Releases can be changed after they are published.

## What it does
Immutable releases are enabled. GitHub answers 404 both where they are not and where the token may not see it: then it is not visible.

## Why
Until a release is immutable, its assets can be replaced and its tag can be moved by everybody who may write, after all was verified.

## Example
```
.github/workflows/release.yml:1:1 releases-mutable: a published release can be changed: immutable releases are not enabled
  help: enable release immutability at https://github.com/spam/eggs/settings
```

## Source
[Immutable releases](https://docs.github.com/en/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import SettingsAudit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Look at the setting."""
    immutable = audit.settings.immutable
    if isinstance(immutable, Unseen):
        yield audit.not_visible("releases-mutable", "whether releases are immutable", immutable)
    elif not immutable:
        message = "a published release can be changed: immutable releases are not enabled"
        yield audit.finding("releases-mutable", LEVEL, message, f"enable release immutability at {audit.settings.url}/settings")
