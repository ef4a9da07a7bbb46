"""Jobs that publish to one registry use different environments.

## What it does
The jobs that publish to the same registry should be bound to the same environment.

## Why
One of them may be an environment without reviewers that somebody made to try something.

## Example
```yaml
publish-core: { environment: pypi }
publish-extra: { environment: test }
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job, literal

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Compare the environments of each registry."""
    named: dict[str, list[tuple[Job, str]]] = {}
    for deed in audit.publishes:
        name = literal(deed.job.environment)
        if name and all(job.id != deed.job.id for job, _ in named.get(deed.registry, ())):
            named.setdefault(deed.registry, []).append((deed.job, name))
    for registry, jobs in named.items():
        names = [name for _, name in jobs]
        usual = max(names, key=names.count)
        for job, name in jobs:
            if name != usual and job.environment is not None:
                yield audit.finding(
                    rule="environment-differs",
                    level=LEVEL,
                    place=job.at(job.environment),
                    message=f"{job.id} publishes to {registry} in the environment {name}, others in {usual}",
                    help="use one environment for one registry",
                    symbol=job.id,
                )
