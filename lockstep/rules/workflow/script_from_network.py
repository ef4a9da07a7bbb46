"""A job that may publish runs a script from the network as it comes.

## What it does
Finds `curl ... | sh` and its like in jobs on the way to a publish that hold more than a reading token: an environment, a secret, an identity, a
right to write.

## Why
Whoever serves the script, or stands between, has what the job has: it can publish in your name. Nothing says which script it was.

## Example
```yaml
publish:
  permissions: { id-token: write }
  steps:
    - run: curl -sSf https://example.org/install.sh | sh
```

## Source
[Secure use reference](https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions); the
[Codecov bash uploader](https://about.codecov.io/security-update/) was such a script
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Job
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"
_FETCHES = ("curl", "wget")
_RUNS = ("sh", "bash", "zsh", "dash", "python", "python3", "node", "perl", "ruby", "pwsh")
_INLINE = re.compile(
    r"(?:(?:\b(?:ba|z|da)?sh|\bsource|\beval|(?:^|\s)\.)\s+(?:-\S+\s+)*[\"']?(?:<\(|\$\()\s*(?:curl|wget)\b)"
    r"|\b(?:iwr|irm|Invoke-WebRequest)\b[^\n]*\|\s*(?:iex|Invoke-Expression)\b"
)


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the scripts of each job that holds something."""
    holds = {name for name, job in audit.jobs.items() if _holds(audit, job)}
    for job, step in audit.steps:
        if step.run is None or job.id not in holds:
            continue
        script = audit.commands(step)
        lines = [one.line for number, one in enumerate(script) if one.name in _FETCHES and _is_run(script[number:])]
        inline = _INLINE.search(step.run.text)
        if lines or inline is not None:
            line = min([*lines, *([step.run.text.count("\n", 0, inline.start())] if inline is not None else [])])
            yield audit.finding(
                rule="script-from-network",
                level=LEVEL,
                place=step.script_line(line),
                message=f"{job.id} downloads a script and runs it unchecked, in a job that can publish",
                help="use what the runner has, or an action pinned to its commit; or fetch it, compare its digest, and run it then",
                symbol=job.id,
            )


def _is_run(script: tuple[Command, ...]) -> bool:
    """Say whether what the first command fetches goes through pipes into an interpreter."""
    for one, following in pairwise(script):
        if one.after != "|":
            return False
        if following.name in _RUNS or following.name.startswith("python3."):
            return True
    return False


def _holds(audit: Audit, job: Job) -> bool:
    permissions = audit.allowed(job)
    writes = permissions is not None and (permissions.everything == "write-all" or any(one.text == "write" for one in permissions.scopes.values()))
    secrets = any("secrets." in value.text for step in job.steps for value in (*audit.env(job, step).values(), *step.inputs.values()))
    return writes or secrets or job.environment is not None
