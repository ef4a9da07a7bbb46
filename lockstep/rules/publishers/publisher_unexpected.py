"""Somebody else may publish a package too.

## What it does
Where the record of who may publish is visible and names a job of this repository, it names nothing else.

## Why
An old repository, workflow or environment that is still trusted publishes without the rules of the new one.

## Example
```
.github/workflows/release.yml:24:14 publisher-unexpected: spam/eggs, old.yml may publish egg at crates.io too
  help: delete it at https://crates.io/crates/egg/settings, where nothing publishes from it
```

## Source
[PyPI: trusted publishers](https://docs.pypi.org/trusted-publishers/), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing), [npm: trusted
publishing](https://docs.npmjs.com/trusted-publishers)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.publishers import PublishersAudit, confirm

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look for entries that no job here is, beside one that is."""
    for one in audit.published:
        others = [record for record in one.records or () if audit.difference(record, one.registry)]
        if one.registry in audit.here and len(others) < len(one.records or ()):
            for record in others:
                message = f"{record} may publish {one.package} at {one.registry} too"
                yield audit.finding("publisher-unexpected", LEVEL, one, message, f"delete it{confirm(one)}, where nothing publishes from it")
