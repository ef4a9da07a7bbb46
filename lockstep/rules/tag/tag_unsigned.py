"""A release tag has no good signature, and the configuration asks for one.

## What it does
Where `gate.tags` is `signed`, the tag must have a signature that git verifies with your keys: OpenPGP, X.509 or SSH. Programs, keys and allowed
signers are those of your own configuration or of `--allowed-signers`; what the repository says about them does not count.

## Why
A tag can be made by everybody who may push. The signature says which person released.

## Example
```
lockstep gate tag v1.3.0
v1.3.0 tag-unsigned: v1.3.0 has no signature, but signed tags are asked for
```

## Source
[git-verify-tag](https://git-scm.com/docs/git-verify-tag)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place, Policy
from lockstep.rules.tag import Signature, TagClaim

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Ask for a signature, and whether it is good."""
    if claim.policy is not Policy.SIGNED or claim.own is None or claim.signed is None:
        return  # a lightweight tag is `tag-lightweight`
    match claim.signed.state:
        case Signature.NONE:
            message, help_ = f"{claim.tag} has no signature, but signed tags are asked for", f"git tag --sign {claim.tag}"
        case Signature.BAD:
            message, help_ = f"the signature of {claim.tag} {claim.signed.why}", f"git verify-tag {claim.tag} tells more; do not release it"
        case Signature.GOOD | Signature.UNSEEN:
            return
    yield Finding(rule="tag-unsigned", level=LEVEL, place=Place(path=claim.tag), message=message, help=help_)
