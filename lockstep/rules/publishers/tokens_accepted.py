"""A registry takes a package by a token too.

## What it does
A crate whose workflow is a trusted publisher is set to be published by trusted publishers alone.

## Why
As long as tokens are taken, a stolen one publishes past the workflow, its reviewers and its checks.

## Example
```
.github/workflows/release.yml:24:14 warning tokens-accepted: crates.io takes egg by a token too
  help: require trusted publishing at https://crates.io/crates/egg/settings
```

## Source
[crates.io: trusted publishing](https://crates.io/docs/trusted-publishing)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.publishers import PublishersAudit, confirm

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look at the setting, where the registry shows it."""
    for one in audit.published:
        if one.exclusive is False and audit.trusting(one.registry):
            message = f"{one.registry} takes {one.package} by a token too"
            yield audit.finding("tokens-accepted", LEVEL, one, message, f"require trusted publishing{confirm(one)}")
