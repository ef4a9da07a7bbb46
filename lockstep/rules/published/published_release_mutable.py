"""The release can still be changed, and was to be immutable.

## What it does
GitHub must say that the release is immutable, where that is promised (`--immutable`).

## Why
Assets and tag of a release that is not immutable can be replaced after everybody has looked.

## Example
```
v1.0.0 published-release-mutable: GitHub says that the release can be changed
```

## Source
[Immutable releases](https://docs.github.com/en/code-security/supply-chain-security/understanding-your-software-supply-chain/immutable-releases)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import Visibility
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-release-mutable"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Ask whether the release can be changed."""
    if not release.promise.on_github or release.visibility is not Visibility.PUBLIC:
        return
    subject, owed = f"release {release.tag}", release.promise.immutable
    if release.immutable:
        yield proven(RULE, subject, "GitHub says that it is immutable", release.url)
    elif release.immutable is None:
        yield unseen(RULE, subject, "GitHub does not say whether it is immutable", "a newer GitHub", release.url, owed=owed)
    elif owed:
        yield refuted(RULE, subject, "GitHub says that it can be changed", "turn immutable releases on, before the next release", release.url)
    else:
        yield unseen(
            RULE, subject, "it can be changed: what is seen now may be replaced", "immutable releases, in the settings on GitHub", release.url, owed=False
        )
