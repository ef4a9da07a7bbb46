"""A job publishes without an environment.

## What it does
Every job that publishes must be bound to an `environment`.

## Why
Only an environment can ask for a reviewer, wait, and let nothing but release tags in; a trusted publisher without one takes any job of the workflow.

## Example
```yaml
publish:
  runs-on: ubuntu-latest # no `environment: pypi`
```

## Source
[PyPI: trusted publishers](https://docs.pypi.org/trusted-publishers/adding-a-publisher/), [Environments](https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the jobs that publish."""
    for job in audit.publish_jobs:
        if job.environment is None or not job.environment.text.strip():
            registry = next(deed.registry for deed in audit.publishes if deed.job.id == job.id)
            yield audit.finding(
                rule="environment-missing",
                level=LEVEL,
                place=job.place,
                message=f"{job.id} publishes to {registry} without an environment",
                help="environment: NAME, with reviewers and the release tags in its settings",
                symbol=job.id,
            )
