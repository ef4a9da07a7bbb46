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
from lockstep.workflow.publishers import PublishersAudit, confirm

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Compare what registries say with the jobs that publish."""
    for one, publisher in audit.different("workflow"):
        here = " or ".join(dict.fromkeys(job.workflow or "none" for job in audit.here[one.registry]))
        named = f"the workflow {publisher.workflow}"
        said = f"lets {named} publish {one.package}" if one.records else f"had {one} from {named}"
        message = f"{one.registry} {said}; here it is {here}"
        yield audit.finding("publisher-workflow-differs", LEVEL, one, message, f"name the workflow file as it is called now{confirm(one)}")
