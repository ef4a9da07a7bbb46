"""There is a file that the release does not have.

## What it does
Files of the same versions at PyPI, and assets of the release on GitHub, must be of the candidate. Without a candidate they must be what the release workflow
at the tag builds, where that tells all files of a package; of others nothing says what should not be there.

## Why
A file that was added afterwards is installed by whoever it fits, and nobody has built or looked at it.

## Example
```
pypi:spam-1.0.0-cp313-cp313-win_arm64.whl published-file-foreign: the candidate does not have this file
```

## Source
[Simple repository API](https://packaging.python.org/en/latest/specifications/simple-repository-api/)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import State
from lockstep.release.published import PublishedRelease
from lockstep.wording import first_few

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-file-foreign"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether something is there that should not be."""
    found = False
    for one in release.others:
        match one.state:
            case State.CONFLICT:
                found = True
                help_ = "find out who published it; yank or delete it if it is not yours, else seal the release with it"
                yield refuted(RULE, one.artifact, one.why, help_, one.endpoint)
            case State.UNSEEN:
                found = True
                yield unseen(RULE, one.artifact, one.why, "ask again", one.endpoint)
    if not release.has_candidate:
        names = first_few(release.untold, 3)
        why = (
            f"the workflow does not tell which files {names} {'has' if len(release.untold) == 1 else 'have'}"
            if names
            else "nothing says which assets should be"
        )
        yield unseen(RULE, release.tag, f"without a candidate {why}", "lockstep release seal makes one", owed=False)
    elif not found and all(one.observation.state is not State.UNSEEN for one in release.files):
        yield proven(RULE, release.tag, "there is no file beside those of the candidate, where registries list what a version has")
