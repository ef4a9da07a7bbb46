"""The signature of a release tag cannot be verified here.

## What it does
Where `gate.tags` is `signed`, and the tag has a signature, the program, the key or the list of signers to verify it may be missing. Then nothing is
proven: the gate ends with 3.

## Why
What was not looked at is no pass.

## Example
```
lockstep gate tag v1.3.0
v1.3.0 warning tag-signature-unseen: the signature of v1.3.0 cannot be verified: the key 0123456789ABCDEF is not among yours
```

## Source
[git-verify-tag](https://git-scm.com/docs/git-verify-tag), [git-config: gpg.ssh.allowedSignersFile](https://git-scm.com/docs/git-config)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Confidence, Finding, Level, Place, Policy
from lockstep.rules.tag import Signature, TagClaim

LEVEL = Level.WARNING
SINCE = "0.1.0"


def check(claim: TagClaim) -> Iterator[Finding]:
    """Say what is missing."""
    if claim.policy is Policy.SIGNED and claim.own is not None and claim.signed is not None and claim.signed.state is Signature.UNSEEN:
        yield Finding(
            rule="tag-signature-unseen",
            level=LEVEL,
            place=Place(path=claim.tag),
            message=f"the signature of {claim.tag} cannot be verified: {claim.signed.why}",
            help="import the keys of those who release (gpg --import), or name them: --allowed-signers FILE",
            confidence=Confidence.BLIND,
        )
