"""A release runs on a machine that outlives it.

## What it does
No job on the way to a publish may run on `self-hosted`. A runner that GitHub does not host is a warning.

## Why
What an earlier job left on the machine is there when the release is built.

## Example
```yaml
build:
  runs-on: [self-hosted, linux]
```

## Source
[zizmor: self-hosted-runner](https://docs.zizmor.sh/audits/#self-hosted-runner), [Hosted runners](https://docs.github.com/en/actions/reference/runners/github-hosted-runners)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.pattern import pattern
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_HOSTED = pattern(r"(?:ubuntu|windows|macos)-[a-z0-9.]+(?:-[a-z0-9.-]+)?|ubuntu-slim")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every label that a job may have."""
    for job in audit.route:
        for scalar in job.runs_on:
            for label in dict.fromkeys(audit.possible(job, scalar)):
                own = label.lower() == "self-hosted"
                if own or ("${{" not in label and not _HOSTED.fullmatch(label.lower()) and len(job.runs_on) == 1):
                    yield audit.finding(
                        rule="runner-self-hosted",
                        level=LEVEL if own else Level.WARNING,
                        place=job.at(scalar),
                        message=f"{job.id} is part of the release and runs on {label}, which GitHub does not host",
                        help="run it on a runner that GitHub hosts, which is new for every job",
                        symbol=job.id,
                    )
