"""A package was published by a token, though the workflow is a trusted publisher.

## What it does
The last version of a package whose workflow asks for short-lived tokens was published with one. crates.io and npm say so.

## Why
A long-lived token still works, and somebody uses it: whoever finds it publishes without a review. After a change to trusted publishing the next release ends
this.

## Example
```
.github/workflows/release.yml:24:14 published-by-token: egg 1.2.0 was published to crates.io by a token, and release.yml is a trusted publisher
  help: delete the tokens of the package's owners, and publish by the workflow alone
```

## Source
[PyPI: trusted publishers](https://docs.pypi.org/trusted-publishers/), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing), [npm: trusted
publishing](https://docs.npmjs.com/trusted-publishers)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.publishers import PublishersAudit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look at how each last version was published."""
    for one in audit.published:
        if one.trusted is False and audit.trusting(one.registry):
            name = audit.here[one.registry][0].workflow
            message = f"{one} was published to {one.registry} by a token, and {name} is a trusted publisher"
            yield audit.finding("published-by-token", LEVEL, one, message, "delete the tokens of the package's owners, and publish by the workflow alone")
