"""A release tag is lightweight, and the configuration asks for an annotated one.

## What it does
Where `gate.tags` is `annotated` or `signed`, the tag must be an object of its own.

## Why
A lightweight tag says neither who made it nor when, and can carry no signature.

## Example
```
lockstep gate tag v1.3.0
v1.3.0 tag-lightweight: v1.3.0 is a lightweight tag, but an annotated one is asked for
```

## Source
[git-tag](https://git-scm.com/docs/git-tag#_description)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place, Policy
from lockstep.rules.tag import TagClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Ask whether the tag has an object."""
    if claim.policy is not Policy.ANY and claim.own is None:
        option = "--sign" if claim.policy is Policy.SIGNED else "--annotate"
        yield Finding(
            rule="tag-lightweight",
            level=LEVEL,
            place=Place(path=claim.tag),
            message=f"{claim.tag} is a lightweight tag here, but {claim.policy} tags are asked for",
            help=f"git fetch --force origin tag {claim.tag} brings what actions/checkout left out; else make it with git tag {option}",
        )
