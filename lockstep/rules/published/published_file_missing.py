"""A file or package of the release is not at its registry.

## What it does
Every file of the candidate must be at its registry, where installers see it. Without a candidate every package that the project publishes at the tag
must have a file there, every file that its release workflow names, and every wheel, sdist, crate and npm tarball among the assets of the release.

## Why
A release that is announced and is not whole breaks for those whose file is missing.

## Example
```
crates.io:spam-core-1.0.0.crate published-file-missing: crates.io does not have it
```

## Source
[Publishing on crates.io](https://doc.rust-lang.org/cargo/reference/publishing.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import State
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-file-missing"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


HELP = "lockstep release status says what is next"


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether everything is there."""
    for one in release.files:
        seen, registry = one.observation, one.artifact.registry
        match seen.state:
            case State.ABSENT:
                yield refuted(RULE, one.id, f"{registry} does not have it", HELP, seen.endpoint)
            case State.PENDING:
                yield refuted(RULE, one.id, f"{registry} has accepted it, and installers do not see it yet: {seen.why}", HELP, seen.endpoint)
            case State.UNSEEN if not (one.content.sha256 or one.content.integrity):
                yield unseen(RULE, one.id, seen.why, f"ask again: {registry} could not be asked", seen.endpoint)
            case _:
                yield proven(RULE, one.id, f"{registry} has it", seen.endpoint)
    for gap in release.missing:
        if gap.unseen:
            yield unseen(RULE, gap.package, gap.unseen, f"ask again: {gap.registry} could not be asked", gap.endpoint)
        elif gap.owed:
            yield refuted(RULE, gap.package, f"{gap.registry} has no {gap.owed}, which the release workflow builds", HELP, gap.endpoint)
        else:
            yield refuted(RULE, gap.package, f"{gap.registry} has no file of this version", HELP, gap.endpoint)
