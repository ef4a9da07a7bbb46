"""A script discards the failure of a command that counts.

## What it does
`|| true` and its like may not stand behind a command that tests, asks, compares, stages, publishes or makes public, and `set +e` not before it;
a `shell` of one's own must have `-e`.

## Why
The step is green whatever the command said.

## Example
```yaml
- run: pytest || true
```

## Source
lockstep's own rule
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import roles_of_command
from lockstep.workflow.model import Role

LEVEL = Level.ERROR
BASIC = Level.WARNING
SINCE = "0.1.0"


_ROLES = (Role.TEST, Role.GUARD, Role.GATE, Role.VERIFY, Role.STAGE, Role.DRAFT, Role.PUBLISH, Role.UNDRAFT, Role.ATTEST)
_COMPARES = ("cmp", "sha256sum", "sha512sum", "shasum")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at the commands on the way."""
    for job, step in audit.steps:
        loose = "{0}" in step.shell and not re.search(r" -[a-z]*e|-o errexit", step.shell)  # GitHub's own shells have -e
        for one in audit.commands(step) if audit.active(step) else ():
            loose = (loose or one.words[:2] == ("set", "+e")) and one.words[:1] != ("exit",) and one.words[:2] not in (("set", "-e"), ("set", "-euo"))
            roles = {seen.role for seen in roles_of_command(one)} & set(_ROLES)
            counts = bool(roles) or (one.name in _COMPARES and (one.name == "cmp" or one.has("-c", "--check"))) or one.words[1:3] == ("attestation", "verify")
            reads = one.words[:3] in (("gh", "release", "view"), ("gh", "run", "view"))
            if counts and not reads and (one.spared or (loose and Role.TEST not in roles)):
                yield audit.finding(
                    rule="failure-discarded",
                    level=LEVEL,
                    place=step.script_line(one.line),
                    message=f"{job.id} throws away the failure of `{' '.join(one.words[:3])}`",
                    help="let the command fail the step",
                    symbol=job.id,
                )
