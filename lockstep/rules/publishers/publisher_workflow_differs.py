"""A registry knows the release workflow by another file name.

## What it does
The workflow that a registry names for a package is the file that publishes to it here.

## Why
A trusted publisher is the name of a file. Where that is renamed, the registry refuses the next release, after the tag was pushed.

## Example
```
.github/workflows/release.yml:24:14 publisher-workflow-differs: PyPI had egg 1.2.0 from the workflow publish.yml; here it is release.yml
  help: name the workflow file as it is called now at https://pypi.org/manage/project/egg/settings/publishing/
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
    yield from audit.differences("workflow", "publisher-workflow-differs", LEVEL, "name the workflow file as it is called now")
