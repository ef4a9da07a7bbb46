"""The commit was the head of the branch once, and the branch has moved on.

## What it does
Compares the commit with the head of the default branch on the remote, as it is now.

## Why
Between the tag and the head lie commits that a reader of the branch takes for released, or a fix that the release should have.

## Example
```
lockstep gate head v1.3.0
v1.3.0 commit-behind-head: v1.3.0 is at 0123456789ab, 2 commits behind the head of main, which is at ba9876543210
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.head import Position, Stands
from lockstep.wording import counted

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(position: Position) -> Iterator[Finding]:
    """Ask whether it is behind."""
    if position.stands is Stands.BEHIND:
        far = counted(position.count, "commit")
        yield Finding(
            rule="commit-behind-head",
            level=LEVEL,
            place=position.place(),
            message=f"{position.ref} is at {position.commit[:12]}, {far} behind the head of {position.branch}, which is at {position.head[:12]}",
            help=f"tag {position.head[:12]}, or bump again and tag that; a tag that was pushed stays where it is",
            old=position.commit,
            new=position.head,
        )
