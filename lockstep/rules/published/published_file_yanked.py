"""A file of the release was withdrawn.

## What it does
No file of the release may be yanked, or deprecated on npm.

## Why
Installers pass over what was yanked: users get another version than the one that is announced.

## Example
```
pypi:spam-1.0.0.tar.gz published-file-yanked: it was yanked: broken on Windows
```

## Source
[Yanking](https://docs.pypi.org/project-management/yanking/), [cargo yank](https://doc.rust-lang.org/cargo/commands/cargo-yank.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.candidate import Registry
from lockstep.release.observation import State
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-file-yanked"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether it was withdrawn; of a file that is not there nobody asks."""
    for one in release.files:
        seen = one.observation
        if one.artifact.registry is Registry.GITHUB or seen.state in (State.ABSENT, State.PENDING):
            continue
        if seen.state is State.YANKED:
            yield refuted(RULE, one.id, seen.why, "take the withdrawal back if it was a mistake; else announce the next version", seen.endpoint)
        elif seen.state is State.UNSEEN:
            yield unseen(RULE, one.id, seen.why, "ask again", seen.endpoint)
        elif seen.state is State.VERIFIED:
            yield proven(RULE, one.id, "it was not withdrawn", seen.endpoint)
