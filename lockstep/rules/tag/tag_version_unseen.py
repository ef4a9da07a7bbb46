"""What a release tag says cannot be compared: the package's version stands nowhere that can be read.

## What it does
Tells of a tag of a package whose version a build script computes, or which states a placeholder (0.0.0) that a release fills in, so that nobody can see
whether it is the tag's.

## Why
A release whose version was not seen is not proven: `gate tag` ends with exit code 3, and not as if it had passed.

## Example
```
lockstep gate tag v1.3.0
setup.py:1:1 warning tag-version-unseen: v1.3.0 is a release of spam, whose version cannot be read: setup.py computes it, or leaves it to another file
  help: state the version as a literal, or take it from the tag: setuptools-scm
```

## Source
lockstep's own rule; https://packaging.python.org/en/latest/discussions/single-source-version/
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level, Place
from lockstep.rules.tag import TagClaim

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Say whose version cannot be read."""
    reading = claim.reading
    if reading.name is not None and not claim.project.packages:
        yield Finding(
            rule="tag-version-unseen",
            level=LEVEL,
            place=Place(path=claim.tag),
            message=f"{reading.tag} is a release of nothing that could be seen: no manifest here declares a package",
            help="lockstep show tells what is found, and why",
            confidence=Confidence.BLIND,
        )
        return
    if reading.holder is not None or (group := reading.unreadable) is None:
        return
    package = group.packages[0]
    yield Finding(
        rule="tag-version-unseen",
        level=LEVEL,
        place=Place(path=package.manifest, line=1, column=1),
        message=f"{reading.tag} is a release of {group.name}, whose version cannot be read: {package.why.removeprefix('outside: ')}",
        help="state the version as a literal, or take it from the tag: setuptools-scm",
        confidence=Confidence.BLIND,
        package=package.name,
    )
