"""A registry takes a package from any environment of the workflow.

## What it does
Where the job that publishes has an environment, the trusted publisher names it too. PyPI shows that in the provenance of a version.

## Why
The reviewers of the environment can be left out: a job of the same workflow file without the environment gets a token as well, in any branch.

## Example
```
.github/workflows/release.yml:24:14 warning publisher-environment-any: PyPI takes egg from any environment of release.yml, and the job publishes from pypi
  help: name the environment pypi at https://pypi.org/manage/project/egg/settings/publishing/
```

## Source
[PyPI: trusted publishers](https://docs.pypi.org/trusted-publishers/), [crates.io: trusted publishing](https://crates.io/docs/trusted-publishing), [npm: trusted
publishing](https://docs.npmjs.com/trusted-publishers)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.publishers import PublishersAudit, confirm

LEVEL = Level.WARNING
BASIC = Level.NOTE
SINCE = "0.1.0"


def check(audit: PublishersAudit) -> Iterator[Finding]:
    """Look for publishers without an environment whose job has one."""
    for one in audit.published:
        for publisher in one.records or one.by:
            named = [here.environment for here in audit.here.get(one.registry, ()) if here.workflow == publisher.workflow and here.environment]
            if publisher.environment == "" and named and not audit.difference(publisher, one.registry):
                message = f"{one.registry} takes {one.package} from any environment of {publisher.workflow}, and the job publishes from {named[0]}"
                yield audit.finding("publisher-environment-any", LEVEL, one, message, f"name the environment {named[0]}{confirm(one)}")
                break
