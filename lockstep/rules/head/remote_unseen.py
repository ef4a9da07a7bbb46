"""The remote could not be asked for the head of its branch.

## What it does
The head is asked for by `git ls-remote`, outside of the repository, with your own configuration. What fails there is said, and the gate ends with 3.

## Why
What was not seen is no pass, and no fault of the commit either.

## Example
```
lockstep gate head v1.3.0
v1.3.0 warning remote-unseen: the remote origin cannot be asked: Could not resolve host: github.com
```

## Source
[git-ls-remote](https://git-scm.com/docs/git-ls-remote)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level
from lockstep.rules.head import Position, Stands

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(position: Position) -> Iterator[Finding]:
    """Say why."""
    if position.stands is Stands.UNSEEN:
        yield Finding(
            rule="remote-unseen",
            level=LEVEL,
            place=position.place(),
            message=f"the remote {position.remote} {position.absent or f'cannot be asked: {position.why}'}",
            help=position.hint or "name it with --remote NAME or URL, and its branch with --branch; a private one needs GH_TOKEN in Actions",
            confidence=Confidence.BLIND,
        )
