"""The commit is not in the branch that is released.

## What it does
Looks whether the head of the default branch on the remote holds the commit. Where it does not, the branches that do are named; a commit that was not
pushed yet is told apart. Where releases of an older series are made on a branch of their own (`release/1.x`), `--branch` or `gate.branch` names it.

## Why
A tag can be put on any commit of anybody, reviewed or not.

## Example
```
lockstep gate head v1.3.0
v1.3.0 commit-off-branch: v1.3.0 is at 0123456789ab, which is not in main but in feature/spam
```

## Source
lockstep's own rule
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.rules.head import Position, Stands

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(position: Position) -> Iterator[Finding]:
    """Ask whether it is anywhere else."""
    at, branch = f"{position.ref} is at {position.commit[:12]}", position.branch
    match position.stands:
        case Stands.AHEAD:
            message, help_ = (
                f"{at}, which {position.remote} does not have: the head of {branch} there is {position.head[:12]}",
                f"push {branch}, then ask again",
            )
        case Stands.ELSEWHERE:
            where = f"but in {', '.join(position.others)}" if position.others else f"nor in any other branch of {position.remote} that is known here"
            message, help_ = f"{at}, which is not in {branch} {where}", f"merge it, and tag the head of {branch}"
            if position.tips:  # a branch on which an older series is maintained
                help_ = f"if releases are made on {position.tips[0]}, name it with --branch or gate.branch: it is the head there; else {help_}"
            elif position.others:
                help_ += f", or that of {position.others[0]} with --branch {position.others[0]}"
        case Stands.UNKNOWN:
            message = f"{at}, which is not the head of {branch}: that is {position.head[:12]}"
            help_ = f"tag {position.head[:12]}; {position.why}"
        case Stands.HEAD | Stands.BEHIND | Stands.MERGED | Stands.UNSEEN:
            return
    yield Finding(rule="commit-off-branch", level=LEVEL, place=position.place(), message=message, help=help_, old=position.commit, new=position.head)
