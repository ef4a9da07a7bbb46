"""A check prints an error and goes on.

## What it does
In jobs that guard, ask, compare or publish, and in steps that hold the tag against the project's version, what prints `::error`
must be followed by `exit 1` or the like.

## Why
The log has a red line, and the release goes on.

## Example
```yaml
- run: |
    if [ "$A_SHA" != "$B_SHA" ]; then
      echo "::error::the bytes differ" # `exit 1` is missing
    fi
```

## Source
[Workflow commands](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Role
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
SINCE = "0.1.0"


_FOLLOWING = 4
_ROLES = frozenset({Role.GUARD, Role.GATE, Role.VERIFY, Role.PUBLISH, Role.MINT})


def check(audit: Audit) -> Iterator[Finding]:
    """Look at what follows each printed error."""
    deciding = {deed.job.id for deed in audit.of(*_ROLES)}
    comparing = {id(step) for _, step, _ in audit.version_checks}
    for job, step in audit.steps:
        script = audit.commands(step) if (job.id in deciding or id(step) in comparing) and audit.active(step) else ()
        for number, one in enumerate(script):
            if (
                one.name in ("echo", "printf")
                and any("::error" in word for word in one.words[1:])
                and not any(_ends(after) for after in script[number + 1 : number + _FOLLOWING])
            ):
                yield audit.finding(
                    rule="error-unraised",
                    level=LEVEL,
                    place=step.script_line(one.line),
                    message=f"{job.id} prints ::error:: and does not fail",
                    help="exit 1 behind it",
                    symbol=job.id,
                )


def _ends(one: Command) -> bool:
    return (one.words[:1] in (("exit",), ("return",)) and one.words[1:2] != ("0",)) or one.name in ("false", "break", "continue") or bool(one.assigns)
