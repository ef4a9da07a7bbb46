"""docs.rs has not built the documentation of a crate.

## What it does
Every crate with a library that crates.io itself serves must have its documentation built on docs.rs.

## Why
The page that crates.io links to is empty.

## Example
```
crates.io:spam-1.0.0.crate docs-not-built: docs.rs tried, and could not build it
```

## Source
[docs.rs builds](https://docs.rs/about/builds)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.candidate import ArtifactKind
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "docs-not-built"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask what docs.rs says of each library."""
    for one in release.of_kind(ArtifactKind.CRATE):
        if one.docs is None or one.content.library is False:
            continue
        if one.docs.built is None:
            yield unseen(RULE, one.id, one.docs.why, "ask again: docs.rs builds a crate some minutes after it was published", one.docs.endpoint)
        elif one.docs.built:
            yield proven(RULE, one.id, "docs.rs has built it", one.docs.endpoint)
        elif one.content.library is None:
            why = "docs.rs has not built it, and whether it has a library could not be seen"
            yield unseen(RULE, one.id, why, "ask again", one.docs.endpoint, owed=False)
        else:
            help_ = "its page at docs.rs has the log; package.metadata.docs.rs says how it is built"
            yield refuted(RULE, one.id, "docs.rs tried, and could not build it", help_, one.docs.endpoint)
