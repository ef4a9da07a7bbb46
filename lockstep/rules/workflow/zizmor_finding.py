"""zizmor found something that lockstep does not look for.

## What it does
Where zizmor is installed it is run on the same files, offline, and what it finds is listed: high severity as an error, medium as a warning, the rest
as a note. What a rule of lockstep says about the same line is not said twice. Where lockstep has a rule for the same fault and does not find it there, the
two disagree, and zizmor's finding is a warning at most.

## Why
zizmor knows far more about the security of workflows; lockstep knows releases.

## Example
```yaml
- uses: some/action@0123456789012345678901234567890123456789 # archived, says zizmor
```

## Source
[zizmor](https://docs.zizmor.sh/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.workflow.audit import Audit

LEVEL = Level.WARNING
SINCE = "0.1.0"


_LEVELS = {"high": Level.ERROR, "medium": Level.WARNING}


def check(audit: Audit) -> Iterator[Finding]:
    """List what it said."""
    for one in audit.zizmor.reports if audit.zizmor else ():
        level = _LEVELS.get(one.severity.lower(), Level.NOTE)
        yield audit.finding(
            rule="zizmor-finding",
            level=Level.WARNING if one.ours and level is Level.ERROR else level,
            place=one.place,
            message=f"{one.rule}: {one.message}",
            help=one.url,
            symbol=one.rule,
        )
