"""The object of a tag has another name than the tag.

## What it does
An annotated tag holds its own name; that must be the name by which it is found.

## Why
A signature covers the name in the object. Whoever may push tags can give the signed object of an old release a new name, and everything about it
looks right.

## Example
```
lockstep gate tag v1.3.0
v1.3.0 tag-renamed: the object of the tag v1.3.0 calls itself v1.2.0
```

## Source
[git-tag](https://git-scm.com/docs/git-tag), [Torres-Arias et al.: On omitting commits and committing omissions](https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/torres-arias)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.rules.tag import TagClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Compare both names."""
    if claim.own is not None and claim.own != claim.tag:
        yield Finding(
            rule="tag-renamed",
            level=LEVEL,
            place=Place(path=claim.tag),
            message=f"the object of the tag {claim.tag} calls itself {claim.own or 'nothing'}",
            help=f"make the tag anew: git tag --annotate {claim.tag}",
            old=claim.own,
            new=claim.tag,
        )
