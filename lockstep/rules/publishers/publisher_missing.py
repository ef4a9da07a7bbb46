"""No trusted publisher is set up for a package that the workflow publishes as one.

## What it does
Where the record of who may publish is visible, it has an entry.

## Why
The workflow asks for a short-lived token, and the registry gives none.

## Example
```
.github/workflows/release.yml:24:14 publisher-missing: crates.io has no trusted publisher of egg
  help: set up spam/eggs, release.yml, environment crates-io at https://crates.io/crates/egg/settings
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
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look for empty records."""
    for one in audit.published:
        if one.records == () and audit.trusting(one.registry):
            here = " or ".join(map(str, audit.here[one.registry]))
            yield audit.finding("publisher-missing", LEVEL, one, f"{one.registry} has no trusted publisher of {one.package}", f"set up {here}{confirm(one)}")
