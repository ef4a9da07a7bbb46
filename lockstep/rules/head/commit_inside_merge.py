"""The commit came into the branch with a merge, and was never its head.

## What it does
Tells a commit that lies inside of a branch that was merged from an older head of the default branch.

## Why
What stands there was never tested as the branch: the merge is what CI saw, with what others had merged before.

## Example
```
lockstep gate head v1.3.0
v1.3.0 commit-inside-merge: v1.3.0 is at 0123456789ab, inside of a branch that ba9876543210 merged into main
```

## Source
[git rev-list --first-parent](https://git-scm.com/docs/git-rev-list)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.head import Position, Stands

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(position: Position) -> Iterator[Finding]:
    """Ask whether it is inside of a merge."""
    if position.stands is Stands.MERGED:
        yield Finding(
            rule="commit-inside-merge",
            level=LEVEL,
            place=position.place(),
            message=f"{position.ref} is at {position.commit[:12]}, inside of a branch that {position.merge[:12]} merged into {position.branch}",
            help=f"tag the head of {position.branch}, {position.head[:12]}, once its workflows are green",
            old=position.commit,
            new=position.head,
        )
