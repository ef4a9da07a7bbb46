"""A secret is written into a script.

## What it does
No `run` may hold `${{ secrets.X }}`: the value becomes a part of the script before the shell reads it.

## Why
It is on the disk of the runner, in the list of processes, and a quote in it is code.

## Example
```yaml
- run: twine upload -p ${{ secrets.PYPI }} dist/*
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every script."""
    for job in audit.jobs.values():
        for step in job.steps:
            for contexts, place in audit.script_references(step):
                if any(parts[:1] == ("secrets",) for parts in contexts):
                    yield audit.finding(
                        rule="secret-in-script",
                        level=LEVEL,
                        place=place,
                        message=f"{job.id} expands a secret in a `run` script",
                        help="give it by `env`, and use the variable",
                        symbol=job.id,
                    )
