"""The release on GitHub is not public.

## What it does
The tag must have a release on GitHub that is no draft.

## Why
What registries serve is not announced, and its notes, assets and attestations are where nobody sees them.

## Example
```
v1.0.0 published-release-hidden: the release is a draft
```

## Source
[About releases](https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import Visibility
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-release-hidden"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether everybody sees the release."""
    if not release.promise.on_github:
        return
    subject = f"release {release.tag}"
    match release.visibility:
        case Visibility.PUBLIC:
            yield proven(RULE, subject, "it is public", release.url)
        case Visibility.DRAFT:
            yield refuted(RULE, subject, "it is a draft", "lockstep release status says whether everything is verified; then publish the draft", release.url)
        case Visibility.NONE:
            yield refuted(RULE, subject, f"{release.repository} has no release of this tag", "make it, or say --no-github", release.url)
        case _:
            why = release.release_unseen or "GitHub's release could not be seen"
            yield unseen(RULE, subject, why, "--repository OWNER/NAME, and GH_TOKEN where a draft or a private repository is asked for")
