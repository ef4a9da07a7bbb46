"""The tag is of another commit than the release.

## What it does
The tag on GitHub must be of the commit that the candidate names; without a candidate, of the one that this clone has for it.

## Why
Whoever looks at the tag sees other sources than those that the release was built from.

## Example
```
tag v1.0.0 published-tag-moved: it is of 1234567, and the candidate is of 89abcde
```

## Source
[Git tags](https://docs.github.com/en/rest/git/tags)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings, proven, refuted, unseen
from lockstep.release.observation import State
from lockstep.release.published import PublishedRelease

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-tag-moved"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the tag's commit."""
    seen, subject = release.tag_seen, f"tag {release.tag}"
    if seen is None:
        if release.promise.on_github:
            yield unseen(RULE, subject, "it is not known which repository on GitHub this is", "--repository OWNER/NAME, or --no-github")
        return
    match seen.state:
        case State.VERIFIED:
            yield proven(RULE, subject, f"it is of {release.commit}", seen.endpoint)
        case State.CONFLICT:
            yield refuted(RULE, subject, seen.why, "protect tags with a ruleset; release the next version if the tag was moved", seen.endpoint)
        case State.ABSENT:
            yield refuted(RULE, subject, f"{release.repository} has no such tag", "push the tag of the release", seen.endpoint)
        case _:
            yield unseen(RULE, subject, seen.why, "ask again", seen.endpoint)
