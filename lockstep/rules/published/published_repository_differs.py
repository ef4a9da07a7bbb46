"""A file was published from another repository.

## What it does
Every witness must name the repository of the release; where that is not known, all must name the same one.

## Why
A fork, or whoever took a publisher over, can publish what looks like the release.

## Example
```
pypi:spam-1.0.0.tar.gz published-repository-differs: PyPI says eggs/spam, expected spam/spam
```

## Source
[Trusted publishing](https://docs.pypi.org/trusted-publishers/), [claims of a certificate](https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.release.answer import Answer, findings
from lockstep.release.published import PublishedRelease
from lockstep.rules.published import first_told, witnesses

LEVEL = Level.ERROR
SINCE = "0.1.0"
RULE = "published-repository-differs"


def check(release: PublishedRelease) -> Iterator[Finding]:
    """Give what is not so, and what that matters could not be seen."""
    return findings(ask(release))


def ask(release: PublishedRelease) -> Iterator[Answer]:
    """Compare the repositories that witnesses name; GitHub's names have no case."""
    expected = release.repository or first_told(release, lambda one: one.repository)
    yield from witnesses(release, RULE, "repository", lambda one: one.repository, lambda _, said: "" if said.lower() == expected.lower() else expected)
