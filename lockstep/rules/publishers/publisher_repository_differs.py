"""A package is published from another repository.

## What it does
The repository that a registry names for a package is this one: in its record of who may publish, where that is visible, else in what it keeps of the last
version.

## Why
After a move or a rename of the repository the registry knows the old name, and the next release is refused; or the package is somebody else's.

## Example
```
.github/workflows/release.yml:24:14 publisher-repository-differs: crates.io had egg 1.2.0 from the repository ham/eggs; here it is spam/eggs
  help: name this repository as the trusted publisher at https://crates.io/crates/egg/settings
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
    yield from audit.differences("repository", "publisher-repository-differs", LEVEL, "name this repository as the trusted publisher")
