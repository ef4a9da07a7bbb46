"""A registry knows another environment than the job publishes from.

## What it does
The environment that a registry names for a package is the one of the job that publishes to it here.

## Why
A trusted publisher with an environment takes tokens of that environment alone. Where it is renamed in the workflow, the registry refuses the next release.

## Example
```
.github/workflows/release.yml:24:14 publisher-environment-differs: PyPI had egg 1.2.0 from the environment release; here it is pypi
  help: name the environment of the job at https://pypi.org/manage/project/egg/settings/publishing/
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
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Compare what registries say with the jobs that publish."""
    yield from audit.differences("environment", "publisher-environment-differs", LEVEL, "name the environment of the job")
