"""A package that the workflow publishes is not at its registry yet.

## What it does
A registry has every package that a workflow publishes to it.

## Why
The name is free: anybody may take it until the first release. PyPI has pending publishers for that; crates.io and npm want the first version by a token
before a trusted publisher can be set up.

## Example
```
.github/workflows/release.yml:24:14 note name-unclaimed: PyPI has no egg-extra yet
  help: set up a pending publisher: https://pypi.org/manage/account/publishing/
```

## Source
[PyPI: creating a project with a trusted publisher](https://docs.pypi.org/trusted-publishers/creating-a-project-through-oidc/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.publishers import PublishersAudit
from lockstep.workflow.registries import PYPI

LEVEL = Level.NOTE
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look for names that nobody has."""
    for one in audit.published:
        if one.absent:
            first = "publish its first version by a token, then set up the trusted publisher"
            hint = "set up a pending publisher: https://pypi.org/manage/account/publishing/" if one.registry == PYPI else first
            yield audit.finding("name-unclaimed", LEVEL, one, f"{one.registry} has no {one.package} yet", hint)
